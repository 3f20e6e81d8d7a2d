package io.github.modelcache.progress;

/** Where features count the bytes of their long work. Thread-safe. */
@FunctionalInterface
public interface Progress {

    /** Shows nothing. */
    Progress NONE = activity -> Work.UNSEEN;

    /** Begins a piece of work; pieces of one activity are shown as one. */
    Work begin(Activity activity);

    /** A piece of work; it is over when it is closed. Thread-safe. */
    interface Work extends AutoCloseable {

        /** Counts nothing. */
        Work UNSEEN = new Work() {
            @Override
            public void planned(long bytes) {}

            @Override
            public void opened(long bytes) {}

            @Override
            public void found(long bytes) {}

            @Override
            public void done(long bytes) {}

            @Override
            public void reached(long bytes) {}

            @Override
            public void close() {}
        };

        /** This much is to be done. */
        void planned(long bytes);

        /** Work on a file of this size begins; it may have been planned or not. */
        void opened(long bytes);

        /** This much was done by an earlier run; a negative number takes bytes back that have to be done again. */
        void found(long bytes);

        /** This much was done just now. */
        void done(long bytes);

        /** At least this much of the activity is over, also where nobody counted it: a hard link copies no byte. */
        void reached(long bytes);

        @Override
        void close();
    }
}
