package io.github.modelcache.config;

import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonBoolean;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonMember;
import io.github.modelcache.json.JsonNumber;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A value of the config. A method that reads it as a type throws an error that names file, line and member.
 *
 * @param member its path, such as {@code cache.models[2].to}; empty for the whole document
 * @param asked records the members that were read
 */
record ConfigValue(JsonDocument document, String member, Json json, UnknownMembers asked) {
    private static final int LONGEST_QUOTE = 80;
    private static final Pattern PLAIN_NAME = Pattern.compile("[\\w$-][\\w$.-]*");

    static ConfigValue root(JsonDocument document) throws ConfigException {
        ConfigValue root = new ConfigValue(document, "", document.root(), new UnknownMembers());
        root.members("an object");
        return root;
    }

    /** Reads one value. */
    interface Reader<T> {
        T read(ConfigValue value) throws ConfigException;
    }

    /** Reads one member of an object whose names the user chooses. */
    interface EntryReader<T> {
        T read(String name, ConfigValue value) throws ConfigException;
    }

    /** The member of that name, as the reader reads it. */
    <T> Optional<T> read(String name, Reader<T> reader) throws ConfigException {
        Optional<ConfigValue> value = find(name);
        return value.isPresent() ? Optional.of(reader.read(value.get())) : Optional.empty();
    }

    /** The members of the object of that name, as the reader reads them, in the order of the file. */
    <T> Map<String, T> readAll(String name, String expected, EntryReader<T> reader) throws ConfigException {
        Map<String, T> all = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigValue> entry :
                findObject(name, expected).members(expected).entrySet()) {
            all.put(entry.getKey(), reader.read(entry.getKey(), entry.getValue()));
        }
        return all;
    }

    /** The member of that name. */
    Optional<ConfigValue> find(String name) {
        asked.add(this, name);
        Json value = json instanceof JsonObject object ? object.get(name) : null;
        return value == null ? Optional.empty() : Optional.of(below(child(name), value));
    }

    /** The member of that name, or an empty object. */
    ConfigValue findObject(String name, String expected) throws ConfigException {
        Optional<ConfigValue> found = find(name);
        if (found.isEmpty()) {
            return below(child(name), new JsonObject(List.of(), json.span()));
        }
        found.get().members(expected);
        return found.get();
    }

    Map<String, ConfigValue> members(String expected) throws ConfigException {
        if (!(json instanceof JsonObject object)) {
            throw wrong(expected);
        }
        Map<String, ConfigValue> members = new LinkedHashMap<>();
        for (JsonMember entry : object.members()) {
            members.put(entry.name(), at(entry));
        }
        return members;
    }

    List<ConfigValue> items(String expected) throws ConfigException {
        if (!(json instanceof JsonArray array)) {
            throw wrong(expected);
        }
        List<ConfigValue> items = new ArrayList<>();
        for (Json item : array.items()) {
            items.add(below(member + "[" + items.size() + "]", item));
        }
        return items;
    }

    /** A string that is not blank. */
    String text(String expected) throws ConfigException {
        String text = string(expected);
        if (text.isBlank()) {
            throw wrong(expected);
        }
        return text;
    }

    String string(String expected) throws ConfigException {
        if (json instanceof JsonString string) {
            return string.value();
        }
        throw wrong(expected);
    }

    boolean bool() throws ConfigException {
        if (json instanceof JsonBoolean bool) {
            return bool.value();
        }
        throw wrong("true or false");
    }

    long integer(long least, long most, String expected) throws ConfigException {
        if (json instanceof JsonNumber number) {
            try {
                long value = number.longValue();
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (ArithmeticException e) {
                throw wrong(expected).because(e);
            }
        }
        throw wrong(expected);
    }

    ConfigException wrong(String expected) {
        return problem("found " + found() + "; expected " + expected);
    }

    ConfigException problem(String problem) {
        int offset = Math.max(0, json.span().start());
        return new ConfigException(document.name() + ":" + document.line(offset) + ":" + document.column(offset) + ": "
                + (member.isEmpty() ? "" : member + ": ") + problem);
    }

    /** The value for a message, shortened if it is long. */
    String found() {
        if (json instanceof JsonString || json instanceof JsonNumber || json instanceof JsonBoolean) {
            String text = JsonWriter.compact(json);
            String kind = json instanceof JsonBoolean ? "" : json.typeName().replace("a ", "the ") + " ";
            return kind + (text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…");
        }
        return json.typeName();
    }

    int line() {
        return document.line(Math.max(0, json.span().start()));
    }

    ConfigValue at(JsonMember entry) {
        return below(child(entry.name()), entry.value());
    }

    private ConfigValue below(String name, Json value) {
        return new ConfigValue(document, name, value, asked);
    }

    private String child(String name) {
        String shown = PLAIN_NAME.matcher(name).matches() ? name : JsonWriter.compact(JsonString.of(name));
        return member.isEmpty() ? shown : member + "." + shown;
    }
}
