package io.github.modelcache.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigReader;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import java.io.File;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The generated class, compiled and run. */
class GenerationTest {

    private static final String SHA = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String COMMIT = "c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff";
    private static final String SNAPSHOT = ".cache/huggingface/hub/models--a--tiny-model/snapshots/" + COMMIT;

    @TempDir
    Path folder = Path.of("");

    private Path project() throws Exception {
        return Files.createDirectories(folder.resolve("a project"));
    }

    private CacheConfig config(String models) throws Exception {
        Files.createDirectories(project().resolve("config"));
        Files.writeString(
                project().resolve("config/hardware_cache.json"), "{\"cache\": {\"models\": [" + models + "]}}");
        return ConfigReader.read(project(), Path.of("config/hardware_cache.json"));
    }

    private CacheConfig usual() throws Exception {
        CacheConfig config =
                config("\"hf:a/tiny-model\", {\"model\": \"url:https://example.org/x.onnx\", \"to\": \"v.onnx\","
                        + " \"name\": \"2nd\"}");
        String file = "{\"path\": \"%s\", \"size\": 1, \"sha256\": \"" + SHA + "\", \"url\": \"https://e.org/\"}";
        Files.writeString(
                project().resolve("config/models.lock.json"),
                "{\"schemaVersion\": 1, \"models\": [{\"model\": \"hf:a/tiny-model\", \"revision\": \"" + COMMIT
                        + "\", \"files\": [" + file.formatted("a.bin") + "," + file.formatted("b/c.bin")
                        + "]}, {\"model\": \"url:https://example.org/x.onnx\", \"to\": \"v.onnx\", \"revision\":"
                        + " \"sha256:"
                        + SHA + "\", \"files\": [" + file.formatted("v.onnx") + "]}]}");
        return config;
    }

    private Plan plan(CacheConfig config, ModelsClass type) throws Exception {
        Lock lock = LockFile.beside(config.file()).read();
        Path target = project().resolve("target");
        return new Generation(config, target.resolve("generated"), target.resolve("models.properties"))
                .plan(type, lock, new TreeMap<>(Map.of("DJL_CACHE_DIR", "/x")));
    }

    private Path generated(CacheConfig config) throws Exception {
        plan(config, new ModelsClass("com.example", "Models")).run(new Silent(), project(), 1);
        return project().resolve("target/generated/com/example/Models.java");
    }

    private static final class Silent implements Messages {
        @Override
        public void info(String message) {}

        @Override
        public void warn(String message) {}

        @Override
        public void debug(String message) {}
    }

    /** Compiles the class as Java 8 code, without a warning. */
    private Path compiled(Path source) throws Exception {
        return compiled("8", source);
    }

    private Path compiled(String release, Path... sources) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path classes = Files.createDirectories(project().resolve("target/classes"));
        StringWriter problems = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.US_ASCII)) {
            boolean fine = compiler.getTask(
                            problems,
                            files,
                            null,
                            List.of(
                                    "-Xlint:all,-options",
                                    "-Werror",
                                    "--release",
                                    release,
                                    "-proc:none",
                                    "-d",
                                    classes.toString()),
                            null,
                            files.getJavaFileObjects(sources))
                    .call();
            assertThat(fine).as(problems.toString()).isTrue();
        }
        return classes;
    }

    private static Path path(String constant, Path... classPath) throws Exception {
        return (Path) call(constant, "path", classPath);
    }

    private static Object call(String constant, String method, Path... classPath) throws Exception {
        try (URLClassLoader loader = loader(classPath)) {
            return call(loader, constant, method);
        }
    }

    private static URLClassLoader loader(Path... classPath) throws Exception {
        URL[] urls = new URL[classPath.length];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = classPath[i].toUri().toURL();
        }
        return new URLClassLoader(urls, null);
    }

    private static Object call(ClassLoader loader, String constant, String method) throws Exception {
        try {
            Object value =
                    loader.loadClass("com.example.Models").getField(constant).get(null);
            return value.getClass().getMethod(method).invoke(value);
        } catch (java.lang.reflect.InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static Path file(Path file) throws Exception {
        Files.createDirectories(file.resolveSibling("."));
        return Files.writeString(file, "x");
    }

    @AfterEach
    void forget() {
        System.clearProperty("cache.model.tiny-model");
    }

    @Nested
    class AModel {

        private static final String LIST = "META-INF/model-cache/models.properties";

        /** What cache:copy adds to a jar. */
        private static final Map<String, String> PACKED =
                Map.of(LIST, """
                    cache.model.tiny-model=models/tiny
                    cache.files.tiny-model=a.bin\\nb/c d#%41.bin
                    cache.model.2nd=models/2nd/v.onnx
                    """, "models/tiny/a.bin", "A", "models/tiny/b/c d#%41.bin", "C", "models/2nd/v.onnx", "V");

        @Test
        void isFoundInTheProjectWhoseBuildMadeTheClass() throws Exception {
            Path classes = compiled(generated(usual()));
            file(project().resolve(SNAPSHOT).resolve("a.bin"));
            file(project().resolve(".cache/models/v.onnx"));
            assertThat(path("TINY_MODEL", classes)).isEqualTo(project().resolve(SNAPSHOT));
            assertThat(path("_2ND", classes)).isEqualTo(project().resolve(".cache/models/v.onnx"));
        }

        @Test
        void isTakenFromASystemPropertyBeforeAnythingElse() throws Exception {
            Path classes = compiled(generated(usual()));
            file(project().resolve(SNAPSHOT).resolve("a.bin"));
            Path other = file(folder.resolve("other.bin"));
            System.setProperty("cache.model.tiny-model", other.toString());
            assertThat(path("TINY_MODEL", classes)).isEqualTo(other);
            Files.delete(other);
            assertThatThrownBy(() -> path("TINY_MODEL", classes))
                    .hasMessageContaining(other + " (system property cache.model.tiny-model)");
        }

        @Test
        void isFoundBesideAJarThatWasMovedWithIt() throws Exception {
            Path classes = compiled(generated(usual()));
            Path jar = jar(classes, folder.resolve("app/lib/app.jar"), Map.of());
            Files.createDirectories(folder.resolve("app/models"));
            Files.writeString(folder.resolve("app/models/models.properties"), "cache.model.tiny-model=tiny\n");
            Path model = file(folder.resolve("app/models/tiny/a.bin"));
            assertThat(path("TINY_MODEL", jar)).isEqualTo(model.getParent());
        }

        @Test
        void isFoundInTheFolderOfClassesThatItWasCopiedTo() throws Exception {
            Path classes = compiled(generated(usual()));
            file(classes.resolve("models/tiny/a.bin"));
            file(classes.resolve("META-INF/model-cache/models.properties"));
            Files.writeString(
                    classes.resolve("META-INF/model-cache/models.properties"),
                    "cache.model.tiny-model=models/tiny\ncache.files.tiny-model=a.bin\n");
            assertThat(path("TINY_MODEL", classes)).isEqualTo(classes.resolve("models/tiny"));
        }

        @Test
        void isUnpackedFromAJarForLibrariesThatWantFiles() throws Exception {
            Path jar = jar(compiled(generated(usual())), folder.resolve("elsewhere/app.jar"), PACKED);
            Path model = path("TINY_MODEL", jar);
            assertThat(model.resolve("a.bin")).hasContent("A");
            assertThat(model.resolve("b/c d#%41.bin")).hasContent("C");
            assertThat(path("_2ND", jar)).hasContent("V").hasFileName("v.onnx");
        }

        @Test
        void isUnpackedFromTheJarThatNamesIt() throws Exception {
            Path classes = compiled(generated(usual()));
            Path other = jar(folder.resolve("none"), folder.resolve("other.jar"), Map.of("models/tiny/a.bin", "other"));
            Path jar = jar(classes, folder.resolve("elsewhere/app.jar"), PACKED);
            assertThat(path("TINY_MODEL", other, jar).resolve("a.bin")).hasContent("A");
        }

        /** As Spring Boot packs it: META-INF stays at the top. */
        @Test
        void isUnpackedFromAnotherPlaceThanItsList() throws Exception {
            Path classes = compiled(generated(usual()));
            Map<String, String> models = new HashMap<>(PACKED);
            Map<String, String> list = Map.of(LIST, models.remove(LIST));
            Path jar = jar(classes, folder.resolve("elsewhere/app.jar"), list);
            Path other = jar(folder.resolve("none"), folder.resolve("elsewhere/classes.jar"), models);
            assertThat(path("TINY_MODEL", jar, other).resolve("a.bin")).hasContent("A");
        }

        /** In a named module a folder with the name of a package is hidden from class loaders. */
        @Test
        void isUnpackedFromAModule() throws Exception {
            Path source = generated(usual());
            Path module = source.resolveSibling("module-info.java");
            Files.writeString(module, "module com.example.app { exports com.example; }");
            Path jar = jar(compiled("17", source, module), folder.resolve("elsewhere/app.jar"), PACKED);
            ModuleLayer boot = ModuleLayer.boot();
            Configuration modules =
                    boot.configuration().resolve(ModuleFinder.of(jar), ModuleFinder.of(), Set.of("com.example.app"));
            ClassLoader loader = boot.defineModulesWithOneLoader(modules, ClassLoader.getPlatformClassLoader())
                    .findLoader("com.example.app");
            assertThat(((Path) call(loader, "TINY_MODEL", "path")).resolve("a.bin"))
                    .hasContent("A");
        }

        @Test
        void ofWhichTheJarHasOnlyAPartIsNeverTakenForWhole() throws Exception {
            Map<String, String> part = new HashMap<>(PACKED);
            part.remove("models/tiny/b/c d#%41.bin");
            Path jar = jar(compiled(generated(usual())), folder.resolve("elsewhere/app.jar"), part);
            try (URLClassLoader loader = loader(jar)) {
                for (int attempt = 0; attempt < 2; attempt++) {
                    assertThatThrownBy(() -> call(loader, "TINY_MODEL", "path"))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("models/tiny/b/c d#%41.bin");
                }
            }
        }

        @Test
        void thatIsMissingIsNamedWithThePlacesAndTheCommand() throws Exception {
            Path classes = compiled(generated(usual()));
            assertThatThrownBy(() -> path("TINY_MODEL", classes))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("'tiny-model' (hf:a/tiny-model)")
                    .hasMessageContaining("mvn cache:download")
                    .hasMessageContaining("cache.model.tiny-model")
                    .hasMessageContaining(project().resolve(SNAPSHOT).toString());
            assertThat(call("TINY_MODEL", "isAvailable", classes)).isEqualTo(false);
        }

        @Test
        void thatWasNotLockedWhenTheClassWasMadeIsFoundOnceItIsFetched() throws Exception {
            CacheConfig config = config("\"hf:a/tiny-model\"");
            Path classes = compiled(generated(config));
            Path model = file(folder.resolve("cache/a.bin"));
            Properties paths = new Properties();
            paths.setProperty("cache.model.tiny-model", model.toString());
            Generation.update(project().resolve("target/models.properties"), paths);
            assertThat(path("TINY_MODEL", classes)).isEqualTo(model);
        }

        private Path jar(Path classes, Path jar, Map<String, String> more) throws Exception {
            Files.createDirectories(jar.resolveSibling("."));
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                    Stream<Path> all = Files.exists(classes) ? Files.walk(classes) : Stream.empty()) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    out.putNextEntry(
                            new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                    Files.copy(file, out);
                }
                for (var entry : more.entrySet()) {
                    out.putNextEntry(new JarEntry(entry.getKey()));
                    out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                }
            }
            return jar;
        }
    }

    @Nested
    class TheClass {

        @Test
        void isWrittenOnce() throws Exception {
            CacheConfig config = usual();
            generated(config);
            assertThat(plan(config, new ModelsClass("com.example", "Models")).isEmpty())
                    .isTrue();
        }

        @Test
        void namesNoPathOfThisMachine() throws Exception {
            assertThat(generated(usual())).content().doesNotContain(folder.toString());
        }

        @Test
        void goesWhenAnotherTakesItsPlace() throws Exception {
            CacheConfig config = usual();
            Path old = generated(config);
            Path own = Files.writeString(old.resolveSibling("Own.java"), "package com.example; class Own {}");
            plan(config, new ModelsClass("", "Weights")).run(new Silent(), project(), 1);
            assertThat(old).doesNotExist();
            assertThat(own).exists();
            assertThat(project().resolve("target/generated/Weights.java")).exists();
        }

        @Test
        void survivesWhateverAReferenceHolds() throws Exception {
            CacheConfig config =
                    config("{\"model\": \"url:https://e.org/*/\\\\u0022\\\"${x}@{é\", \"to\": \"x\", \"name\": \"x\"}");
            compiled(generated(config));
        }

        @ParameterizedTest
        @ValueSource(strings = {"hf:a/class", "hf:a/index", "hf:a/models", "hf:a/null", "hf:a/modelName", "hf:a/0"})
        void compilesWithNamesThatMeanSomethingInJava(String reference) throws Exception {
            compiled(generated(config("\"" + reference + "\"")));
        }

        @Test
        void refusesTwoModelsOfOneConstant() throws Exception {
            CacheConfig config = config("\"hf:a/x-y\", \"hf:a/x.y\"");
            assertThatThrownBy(() -> plan(config, new ModelsClass("p", "Models")))
                    .hasMessageContaining("hf:a/x-y and hf:a/x.y would both be the constant X_Y")
                    .hasMessageContaining("\"name\"");
        }

        @ParameterizedTest
        @CsvSource({"a-b, Models", "a.class, Models", "p, int", "p, a.B", "p, '1'", "p, record", "p, var", "p, Path"})
        void refusesNamesThatAreNone(String packageName, String className) {
            assertThatThrownBy(() -> new ModelsClass(packageName, className))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected");
        }

        @ParameterizedTest
        @CsvSource({"com.example, my-app, com.example.my_app", "com.Acme, 3d.int, com.acme._3d.int_"})
        void liesInThePackageOfItsProject(String group, String artifact, String expected) {
            assertThat(ModelsClass.usualPackage(group, artifact)).isEqualTo(expected);
        }
    }

    @Test
    void theFileOfSystemPropertiesHoldsPathsAndWhatLibrariesRead() throws Exception {
        generated(usual());
        Properties properties = new Properties();
        try (var in = Files.newInputStream(project().resolve("target/models.properties"))) {
            properties.load(in);
        }
        assertThat(properties)
                .containsEntry(
                        "cache.model.tiny-model", project().resolve(SNAPSHOT).toString())
                .containsEntry(
                        "cache.model.2nd",
                        project().resolve(".cache/models/v.onnx").toString())
                .containsEntry("DJL_CACHE_DIR", "/x");
    }
}
