package io.github.modelcache.family;

import io.github.modelcache.model.ModelDeclaration;
import java.util.Map;

/** Rejects members of a declaration that its model family does not support. */
public final class UnsupportedMembers {

    private UnsupportedMembers() {}

    public static void refuse(ModelDeclaration declaration, String... names) throws ModelException {
        Map<String, Boolean> given = Map.of(
                "revision", declaration.revision().isPresent(),
                "include", !declaration.include().isEmpty(),
                "exclude", !declaration.exclude().isEmpty(),
                "sha256", declaration.sha256().isPresent(),
                "to", declaration.to().isPresent());
        for (String name : names) {
            if (given.getOrDefault(name, false)) {
                throw new ModelException(declaration.reference() + ": \"" + name + "\" has no meaning for models of the"
                        + " kind '" + declaration.reference().scheme() + ":'; take it out of the config");
            }
        }
    }
}
