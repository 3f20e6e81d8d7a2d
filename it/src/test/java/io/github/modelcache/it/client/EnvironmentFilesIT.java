package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code cache:env} prints, read back by the programs that it is for, as far as this machine has them. */
@Tag("clients")
@Client("tools")
class EnvironmentFilesIT {

    private static final Map<String, String> VALUES = Map.of(
            "PLAIN", "/a/b-c",
            "SPACED", "/my disk/a  b ",
            "DOLLAR", "/x/$HOME/$(id)/`id`",
            "PERCENT", "100%PATH%",
            "QUOTED", "say \"x\"",
            "APOSTROPHE", "it's mine",
            "BOTH", "it's \"$HOME\"",
            "BACKSLASH", "C:\\new\\temp",
            "SHARE", "\\\\nas\\my models",
            "HASH", "a #b");

    private static final String TELL = "import json, os; print(json.dumps(dict(os.environ)))";

    private static String config() {
        return JsonMapper.shared().writeValueAsString(Map.of("cache", Map.of("environment", VALUES)));
    }

    private static void isRead(JsonNode read) {
        Map<String, String> values = new TreeMap<>();
        VALUES.keySet().forEach(name -> values.put(name, read.path(name).asString()));
        assertThat(values).isEqualTo(new TreeMap<>(VALUES));
    }

    /** Runs a shell that takes the file in and tells its environment. */
    private static void isRead(Workspace workspace, String... shell) throws IOException {
        List<String> command = new ArrayList<>(List.of(shell));
        Process process = new ProcessBuilder(command)
                .directory(workspace.project().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        isRead(JsonMapper.shared()
                .readTree(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)));
    }

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void everyFormatIsReadBackAsItWasMeant(MavenBuild maven, Workspace workspace, PythonClient tools) throws Exception {
        workspace.write(Config.FILE, config()).write("tell.py", TELL).write(".env", "# mine\nSPACED='old'\nKEY=1\n");
        for (String format : List.of("sh", "fish", "powershell", "dotenv", "json")) {
            maven.cache("env")
                    .property("cache.format", format)
                    .property("cache.output", format.equals("dotenv") ? ".env" : "env." + format)
                    .run()
                    .succeeded();
        }

        isRead(workspace, "/bin/sh", "-c", ". ./env.sh && python3 tell.py");
        if (has("fish")) {
            isRead(workspace, "fish", "-c", "source env.fish; python3 tell.py");
        }
        if (has("pwsh")) {
            isRead(workspace, "pwsh", "-NoProfile", "-Command", ". ./env.powershell; python3 tell.py");
        }
        JsonNode read = tools.script(
                        PythonClient.Place.offline(workspace),
                        "read_dotenv.py",
                        workspace.file(".env").toString())
                .json();
        isRead(read);
        assertThat(read.path("KEY").asString()).isEqualTo("1");
        assertThat(workspace.read(".env")).startsWith("# mine\n");
        isRead(workspace, "python3", "-c", "print(open('env.json').read())");
    }

    private static boolean has(String program) throws Exception {
        Process which = new ProcessBuilder("/bin/sh", "-c", "command -v " + program)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return which.waitFor() == 0;
    }
}
