package io.github.modelcache.family.huggingface;

import io.github.modelcache.json.ParserMessages;
import io.github.modelcache.json.Utf8Input;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * What the hub says of a revision, read as it arrives: it also names all files of the repository, of which there may be
 * hundreds of thousands, and nothing of that is needed.
 */
final class RevisionAnswer {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION) // it is UTF-8, or broken
            .build();

    private String commit = "";
    private String id = "";
    private String modified = "";
    private boolean gated;
    private Optional<String> cardLicense = Optional.empty();
    private Optional<String> tagLicense = Optional.empty();
    private Optional<String> problem = Optional.empty();
    private boolean object;

    /** Reads an answer; whatever was read before is forgotten. */
    void read(InputStream body) throws IOException {
        commit = "";
        id = "";
        modified = "";
        gated = false;
        cardLicense = Optional.empty();
        tagLicense = Optional.empty();
        problem = Optional.empty();
        object = false;
        try (JsonParser parser =
                FACTORY.createParser(ObjectReadContext.empty(), Utf8Input.withoutByteOrderMark(body))) {
            object = parser.nextToken() == JsonToken.START_OBJECT;
            while (object && parser.nextToken() == JsonToken.PROPERTY_NAME) {
                member(parser, parser.currentName(), parser.nextToken());
            }
            if (object && parser.nextToken() != null) {
                problem = Optional.of("something follows the object");
            }
        } catch (JacksonIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            problem = Optional.of(ParserMessages.problem(e));
        }
    }

    private void member(JsonParser parser, String name, JsonToken value) {
        switch (name) {
            case "sha" -> commit = text(parser, value);
            case "lastModified" -> modified = text(parser, value);
            case "id" -> id = text(parser, value);
            case "gated" -> {
                gated = value != JsonToken.VALUE_FALSE && value != JsonToken.VALUE_NULL;
                parser.skipChildren();
            }
            case "cardData" -> cardLicense = license(parser, value);
            case "tags" -> tagLicense = tag(parser, value);
            default -> parser.skipChildren();
        }
    }

    private static String text(JsonParser parser, JsonToken value) {
        if (value == JsonToken.VALUE_STRING) {
            return parser.getString();
        }
        parser.skipChildren();
        return "";
    }

    private static Optional<String> license(JsonParser parser, JsonToken card) {
        Optional<String> license = Optional.empty();
        if (card != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return license;
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean named = parser.currentName().equals("license");
            String text = text(parser, parser.nextToken());
            license = named && !text.isEmpty() ? Optional.of(text) : license;
        }
        return license;
    }

    private static Optional<String> tag(JsonParser parser, JsonToken tags) {
        Optional<String> license = Optional.empty();
        if (tags != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return license;
        }
        for (JsonToken value = parser.nextToken(); value != JsonToken.END_ARRAY; value = parser.nextToken()) {
            String text = text(parser, value);
            if (license.isEmpty() && text.startsWith("license:")) {
                license = Optional.of(text.substring("license:".length()));
            }
        }
        return license;
    }

    /** Why it is not JSON; empty if it is. */
    Optional<String> problem() {
        return problem;
    }

    /** Whether it is an object. */
    boolean isObject() {
        return object;
    }

    /** The commit, if the answer has one. */
    String commit() {
        return commit;
    }

    /** The current name of the repository, if the answer has one. */
    String id() {
        return id;
    }

    /** When the repository last changed. */
    Optional<Instant> modified() {
        try {
            return modified.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(modified));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Whether the repository is given only to those who accepted its terms. */
    boolean gated() {
        return gated;
    }

    /** The licence that the repository names. */
    Optional<String> license() {
        return cardLicense.or(() -> tagLicense);
    }
}
