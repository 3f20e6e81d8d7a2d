package io.github.modelcache.json;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Comparison by value. */
final class JsonValues {
    private JsonValues() {}

    static boolean same(Json a, Json b) {
        if (a instanceof JsonObject x && b instanceof JsonObject y) {
            return sameMembers(x.members(), y.members());
        }
        if (a instanceof JsonArray x && b instanceof JsonArray y) {
            return sameItems(x.items(), y.items());
        }
        if (a instanceof JsonNumber x && b instanceof JsonNumber y) {
            return sameNumber(x.literal(), y.literal());
        }
        if (a instanceof JsonString x && b instanceof JsonString y) {
            return x.value().equals(y.value());
        }
        if (a instanceof JsonBoolean x && b instanceof JsonBoolean y) {
            return x.value() == y.value();
        }
        return a instanceof JsonNull && b instanceof JsonNull;
    }

    private static boolean sameMembers(List<JsonMember> a, List<JsonMember> b) {
        if (a.size() != b.size()) {
            return false;
        }
        Map<String, Json> byName = new HashMap<>();
        a.forEach(member -> byName.put(member.name(), member.value()));
        for (JsonMember member : b) {
            Json other = byName.get(member.name());
            if (other == null || !same(other, member.value())) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameItems(List<Json> a, List<Json> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameNumber(String a, String b) {
        if (a.equals(b)) {
            return true;
        }
        try {
            return new BigDecimal(a).compareTo(new BigDecimal(b)) == 0;
        } catch (NumberFormatException e) {
            return false; // an exponent beyond what BigDecimal holds: only equal if written alike
        }
    }
}
