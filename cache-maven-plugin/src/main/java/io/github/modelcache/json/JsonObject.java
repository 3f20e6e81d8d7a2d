package io.github.modelcache.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object; its members keep the order of the text and no name comes twice.
 *
 * @param span from the opening to behind the closing brace
 */
public record JsonObject(List<JsonMember> members, Span span) implements Json {
    /** Copies the list. */
    public JsonObject {
        members = List.copyOf(members);
    }

    /** The member of that name, or null. */
    public @Nullable JsonMember member(String name) {
        int index = indexOf(name);
        return index < 0 ? null : members.get(index);
    }

    /** The position of the member of that name, or -1. */
    int indexOf(String name) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The value of that name, or null. */
    public @Nullable Json get(String name) {
        JsonMember member = member(name);
        return member == null ? null : member.value();
    }

    @Override
    public String typeName() {
        return "an object";
    }

    /** An empty builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** Gathers members in order; putting a name again replaces its value. */
    public static final class Builder {
        private final Map<String, Json> members = new LinkedHashMap<>();

        private Builder() {}

        /** Puts a string. */
        public Builder put(String name, String value) {
            return put(name, JsonString.of(value));
        }

        /** Puts an integer. */
        public Builder put(String name, long value) {
            return put(name, JsonNumber.of(value));
        }

        /** Puts a boolean. */
        public Builder put(String name, boolean value) {
            return put(name, JsonBoolean.of(value));
        }

        /** Puts any value. */
        public Builder put(String name, Json value) {
            members.put(name, value);
            return this;
        }

        /** Puts a string if there is one. */
        public Builder putIfPresent(String name, Optional<String> value) {
            value.ifPresent(text -> put(name, text));
            return this;
        }

        /** The object. */
        public JsonObject build() {
            return new JsonObject(
                    members.entrySet().stream()
                            .map(entry -> JsonMember.of(entry.getKey(), entry.getValue()))
                            .toList(),
                    Span.NONE);
        }
    }
}
