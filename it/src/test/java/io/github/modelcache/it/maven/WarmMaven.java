package io.github.modelcache.it.maven;

import java.io.IOException;

/** The usual Maven with a filled local repository and a workspace, for use outside JUnit. */
public final class WarmMaven implements AutoCloseable {

    private final MavenRuntime runtime;
    private final Workspace workspace;

    private WarmMaven(MavenRuntime runtime, Workspace workspace) {
        this.runtime = runtime;
        this.workspace = workspace;
    }

    /** Fills the local repository where that has not been done. */
    public static WarmMaven start() {
        MavenRuntime runtime = MavenRuntime.usual().get(0);
        new LocalRepositories().warmUp(runtime);
        return new WarmMaven(runtime, Workspace.create());
    }

    /** A build to start from. */
    public MavenBuild build() {
        return MavenBuild.of(runtime, workspace);
    }

    /** Where its builds run. */
    public Workspace workspace() {
        return workspace;
    }

    @Override
    public void close() throws IOException {
        workspace.delete();
    }
}
