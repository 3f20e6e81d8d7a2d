/*
 * A disk that fails at a chosen moment, to be loaded into a JVM with LD_PRELOAD. It counts what the process does below
 * some folders, and at the n-th change it kills the process, or lets the change fail.
 *
 *   FAULT_ROOTS   folders, with colons between them
 *   FAULT_LOG     a file that gets a line for each change (or reading): its kind and path
 *   FAULT_COUNTS  "changes" or "reads"
 *   FAULT_AT      the number of the change or reading, from 1; 0 for none
 *   FAULT_DOES    "kill"; "once": it fails; "full": it and all later ones that need room fail
 *   FAULT_ERRNO   what it fails with
 *   FAULT_CLOCK   seconds that the clock jumps by at that change, instead
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum need { ROOM, NO_ROOM };

static const char *roots;
static int log_file = -1;
static int counts_reads;
static long at;
static int kills, full, error;
static long jump;
static atomic_long count;
static int on;

__attribute__((constructor)) static void start(void) {
    roots = getenv("FAULT_ROOTS");
    on = roots && strcmp(program_invocation_short_name, "java") == 0;
    if (!on) return;
    const char *value = getenv("FAULT_LOG");
    if (value && *value) log_file = syscall(SYS_openat, AT_FDCWD, value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    value = getenv("FAULT_COUNTS");
    counts_reads = value && strcmp(value, "reads") == 0;
    value = getenv("FAULT_AT");
    at = value ? atol(value) : 0;
    value = getenv("FAULT_DOES");
    kills = value && strcmp(value, "kill") == 0;
    full = value && strcmp(value, "full") == 0;
    value = getenv("FAULT_ERRNO");
    error = value ? atoi(value) : EIO;
    value = getenv("FAULT_CLOCK");
    jump = value ? atol(value) : 0;
}

static int below(const char *path) {
    for (const char *root = roots; *root;) {
        size_t length = strcspn(root, ":");
        if (strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0)) return 1;
        root += length + (root[length] == ':');
    }
    return 0;
}

static void name_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
}

static void full_name(int dir, const char *name, char *path) {
    if (!name) name = "";
    if (*name == '/') {
        snprintf(path, PATH_MAX, "%s", name);
    } else if (dir == AT_FDCWD) {
        if (!getcwd(path, PATH_MAX)) path[0] = 0;
        strncat(path, "/", PATH_MAX - strlen(path) - 1);
        strncat(path, name, PATH_MAX - strlen(path) - 1);
    } else {
        name_of(dir, path);
        if (*name) {
            strncat(path, "/", PATH_MAX - strlen(path) - 1);
            strncat(path, name, PATH_MAX - strlen(path) - 1);
        }
    }
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

/* 0: go on; 1: fail, errno is set; 2: do half of it and die. */
static int event(const char *kind, const char *path, enum need need, int reads, int halves) {
    if (!on || reads != counts_reads || !below(path)) return 0;
    long n = atomic_fetch_add(&count, 1) + 1;
    if (log_file >= 0) {
        char line[PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%s %s\n", kind, path);
        syscall(SYS_write, log_file, line, length);
    }
    if (at == 0 || jump) return 0;
    if (kills && n == at) {
        if (halves) return 2;
        die();
    }
    if (!kills && (n == at || (full && n > at && need == ROOM)) && (!full || need == ROOM)) {
        errno = error;
        return 1;
    }
    return 0;
}

static int on_path(const char *kind, int dir, const char *name, enum need need, int reads) {
    if (!on) return 0;
    char path[PATH_MAX];
    full_name(dir, name, path);
    return event(kind, path, need, reads, 0);
}

static int on_file(const char *kind, int fd, enum need need, int reads, int halves) {
    if (!on || reads != counts_reads) return 0;
    int kept = errno;
    char path[PATH_MAX];
    name_of(fd, path);
    errno = kept;
    return event(kind, path, need, reads, halves);
}

#define REAL(name) ((__typeof__(&name)) real(#name))
static void *real(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

static int opening(int dir, const char *name, int flags) {
    if (flags & (O_CREAT | O_TRUNC)) return on_path("create", dir, name, ROOM, 0);
    // The JVM opens "." to return to its folder after a look at another one, and stays there if it can't.
    if (dir == AT_FDCWD && strcmp(name, ".") == 0) return 0;
    if ((flags & O_ACCMODE) == O_RDONLY) return on_path("open", dir, name, NO_ROOM, 1);
    return 0;
}

#define OPEN(function)                                                          \
    int function(const char *name, int flags, ...) {                            \
        va_list more;                                                           \
        va_start(more, flags);                                                  \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                                           \
        if (opening(AT_FDCWD, name, flags)) return -1;                          \
        return REAL(function)(name, flags, mode);                               \
    }
#define OPENAT(function)                                                        \
    int function(int dir, const char *name, int flags, ...) {                   \
        va_list more;                                                           \
        va_start(more, flags);                                                  \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                                           \
        if (opening(dir, name, flags)) return -1;                               \
        return REAL(function)(dir, name, flags, mode);                          \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *bytes, size_t size) {
    int what = on_file("write", fd, ROOM, 0, 1);
    if (what == 1) return -1;
    if (what == 2) { syscall(SYS_write, fd, bytes, size / 2); die(); }
    return syscall(SYS_write, fd, bytes, size);
}

#define PWRITE(function)                                                                    \
    ssize_t function(int fd, const void *bytes, size_t size, off_t offset) {                \
        int what = on_file("write", fd, ROOM, 0, 1);                                        \
        if (what == 1) return -1;                                                           \
        if (what == 2) { syscall(SYS_pwrite64, fd, bytes, size / 2, offset); die(); }       \
        return syscall(SYS_pwrite64, fd, bytes, size, offset);                              \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t writev(int fd, const struct iovec *parts, int number) {
    int what = on_file("write", fd, ROOM, 0, 1);
    if (what == 1) return -1;
    if (what == 2) { syscall(SYS_writev, fd, parts, number / 2); die(); }
    return syscall(SYS_writev, fd, parts, number);
}

ssize_t read(int fd, void *bytes, size_t size) {
    if (on_file("read", fd, NO_ROOM, 1, 0)) return -1;
    return syscall(SYS_read, fd, bytes, size);
}

#define PREAD(function)                                                \
    ssize_t function(int fd, void *bytes, size_t size, off_t offset) { \
        if (on_file("read", fd, NO_ROOM, 1, 0)) return -1;             \
        return syscall(SYS_pread64, fd, bytes, size, offset);          \
    }
PREAD(pread)
PREAD(pread64)

ssize_t readv(int fd, const struct iovec *parts, int number) {
    if (on_file("read", fd, NO_ROOM, 1, 0)) return -1;
    return syscall(SYS_readv, fd, parts, number);
}

#define SENDFILE(function)                                            \
    ssize_t function(int to, int from, off_t *offset, size_t size) {  \
        int what = on_file("write", to, ROOM, 0, 1);                  \
        if (what == 1) return -1;                                     \
        if (what == 2) { syscall(SYS_sendfile, to, from, offset, size / 2); die(); } \
        return syscall(SYS_sendfile, to, from, offset, size);         \
    }
SENDFILE(sendfile)
SENDFILE(sendfile64)

ssize_t copy_file_range(int from, off64_t *in, int to, off64_t *out, size_t size, unsigned flags) {
    int what = on_file("write", to, ROOM, 0, 1);
    if (what == 1) return -1;
    if (what == 2) { syscall(SYS_copy_file_range, from, in, to, out, size / 2, flags); die(); }
    return syscall(SYS_copy_file_range, from, in, to, out, size, flags);
}

int rename(const char *from, const char *to) {
    return on_path("rename", AT_FDCWD, to, NO_ROOM, 0) ? -1 : REAL(rename)(from, to);
}
int renameat(int dir, const char *from, int there, const char *to) {
    return on_path("rename", there, to, NO_ROOM, 0) ? -1 : REAL(renameat)(dir, from, there, to);
}
int unlink(const char *name) {
    return on_path("delete", AT_FDCWD, name, NO_ROOM, 0) ? -1 : REAL(unlink)(name);
}
int unlinkat(int dir, const char *name, int flags) {
    return on_path("delete", dir, name, NO_ROOM, 0) ? -1 : REAL(unlinkat)(dir, name, flags);
}
int remove(const char *name) {
    return on_path("delete", AT_FDCWD, name, NO_ROOM, 0) ? -1 : REAL(remove)(name);
}
int rmdir(const char *name) {
    return on_path("delete", AT_FDCWD, name, NO_ROOM, 0) ? -1 : REAL(rmdir)(name);
}
int link(const char *from, const char *to) {
    return on_path("link", AT_FDCWD, to, ROOM, 0) ? -1 : REAL(link)(from, to);
}
int linkat(int dir, const char *from, int there, const char *to, int flags) {
    return on_path("link", there, to, ROOM, 0) ? -1 : REAL(linkat)(dir, from, there, to, flags);
}
int symlink(const char *target, const char *name) {
    return on_path("link", AT_FDCWD, name, ROOM, 0) ? -1 : REAL(symlink)(target, name);
}
int symlinkat(const char *target, int dir, const char *name) {
    return on_path("link", dir, name, ROOM, 0) ? -1 : REAL(symlinkat)(target, dir, name);
}
int mkdir(const char *name, mode_t mode) {
    return on_path("folder", AT_FDCWD, name, ROOM, 0) ? -1 : REAL(mkdir)(name, mode);
}
int mkdirat(int dir, const char *name, mode_t mode) {
    return on_path("folder", dir, name, ROOM, 0) ? -1 : REAL(mkdirat)(dir, name, mode);
}
#define TRUNCATE(function)                                                          \
    int function(int fd, off_t size) {                                              \
        return on_file("truncate", fd, NO_ROOM, 0, 0) ? -1 : REAL(function)(fd, size); \
    }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)
int fsync(int fd) {
    return on_file("flush", fd, ROOM, 0, 0) ? -1 : REAL(fsync)(fd);
}
int fdatasync(int fd) {
    return on_file("flush", fd, ROOM, 0, 0) ? -1 : REAL(fdatasync)(fd);
}
int chmod(const char *name, mode_t mode) {
    return on_path("chmod", AT_FDCWD, name, NO_ROOM, 0) ? -1 : REAL(chmod)(name, mode);
}
int fchmod(int fd, mode_t mode) {
    return on_file("chmod", fd, NO_ROOM, 0, 0) ? -1 : REAL(fchmod)(fd, mode);
}
int futimens(int fd, const struct timespec times[2]) {
    return on_file("times", fd, NO_ROOM, 0, 0) ? -1 : REAL(futimens)(fd, times);
}
int futimes(int fd, const struct timeval times[2]) {
    return on_file("times", fd, NO_ROOM, 0, 0) ? -1 : REAL(futimes)(fd, times);
}
int utimes(const char *name, const struct timeval times[2]) {
    return on_path("times", AT_FDCWD, name, NO_ROOM, 0) ? -1 : REAL(utimes)(name, times);
}
int lutimes(const char *name, const struct timeval times[2]) {
    return on_path("times", AT_FDCWD, name, NO_ROOM, 0) ? -1 : REAL(lutimes)(name, times);
}

static long ahead(void) {
    return on && jump && atomic_load(&count) >= at ? jump : 0;
}
int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = syscall(SYS_clock_gettime, clock, time);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) time->tv_sec += ahead();
    return result;
}
int gettimeofday(struct timeval *time, void *zone) {
    (void) zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}
