package ${package};

import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The models that the build has fetched. They are files in the project's model cache, whose folder the environment
 * variable {@code MODELS_HOME} names; they are never looked for on the class path.
 */
final class Models {

    private static final String VARIABLE = "MODELS_HOME";

    private final Map<String, String> environment;

    /**
     * Models below the folder that {@code MODELS_HOME} names.
     *
     * @param environment the environment variables
     */
    Models(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Finds a file of a model.
     *
     * @param model the model's folder below {@code MODELS_HOME}: for a model from a Maven repository
     *     {@code groupId/artifactId/version}
     * @param file the file's name
     * @return the file, which exists
     * @throws FileNotFoundException when it does not exist, or {@code MODELS_HOME} is not set
     */
    Path find(String model, String file) throws FileNotFoundException {
        Path path = home().resolve(model).resolve(file);
        if (!Files.isRegularFile(path)) {
            throw new FileNotFoundException(
                    "The model file " + path + " is missing. Fetch the models with: mvn cache:download");
        }
        return path;
    }

    private Path home() throws FileNotFoundException {
        String value = environment.getOrDefault(VARIABLE, "");
        // A build that skips cache:init hands over the name of the property instead of its value.
        if (value.isBlank() || value.startsWith("$")) {
            throw new FileNotFoundException("The environment variable " + VARIABLE
                    + " is not set, so the models cannot be found. Run the program through Maven, which sets it:"
                    + " mvn compile exec:exec");
        }
        return Path.of(value);
    }
}
