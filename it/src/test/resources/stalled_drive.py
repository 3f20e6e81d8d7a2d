"""Mounts a file system whose server never answers, until standard input ends: stalled_drive.py FOLDER."""
import ctypes
import os
import sys

libc = ctypes.CDLL(None, use_errno=True)
folder = sys.argv[1].encode()
device = os.open("/dev/fuse", os.O_RDWR)
options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
if libc.mount(b"stalled", folder, b"fuse", 0, options) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
print("mounted", flush=True)
sys.stdin.read()
libc.umount2(folder, 2)
