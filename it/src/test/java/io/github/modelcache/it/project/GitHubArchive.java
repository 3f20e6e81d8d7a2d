package io.github.modelcache.it.project;

import io.github.modelcache.testing.FaultyServer;

/** The archive of a repository where GitHub has it: a branch and a commit lead to another host. */
public final class GitHubArchive {

    private GitHubArchive() {}

    /** Answers requests below {@code /github.com/} for a repository such as {@code owner/name}. */
    public static void serve(
            FaultyServer server, String repository, String branch, String commit, FaultyServer.Reply archive) {
        String zipballs = "/github.com/" + repository + "/zipball/";
        String target = "/codeload/" + commit;
        FaultyServer.Reply redirect =
                FaultyServer.redirect(302, server.uri("localhost", target).toString());
        server.on(zipballs + branch, redirect).on(zipballs + commit, redirect).on(target, archive);
    }
}
