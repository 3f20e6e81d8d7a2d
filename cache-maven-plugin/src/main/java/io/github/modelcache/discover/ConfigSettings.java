package io.github.modelcache.discover;

import java.util.ArrayList;
import java.util.List;

/** The settings of one config file. They are interpreted together, because the meaning of one can depend on another. */
final class ConfigSettings {

    private final List<Setting> all = new ArrayList<>();

    private record Setting(ConfigMapping mapping, String name, String path, String value, int line, boolean isName) {}

    /**
     * Adds a setting.
     *
     * @param name in its mapping
     * @param path the names from the root of the file to the setting, with dots between them
     */
    void add(ConfigMapping mapping, String name, String path, String value, int line) {
        mapping.add(name, value);
        all.add(new Setting(mapping, name, path, value, line, false));
    }

    /** Adds the name of a setting, which may be a model itself. */
    void addName(ConfigMapping mapping, String path, String name, int line) {
        if (name.indexOf('/') > 0) {
            all.add(new Setting(mapping, name, path, name, line, true));
        }
    }

    void report(SettingReader reader, Findings findings) {
        for (Setting setting : all) {
            if (setting.isName()) {
                reader.readName(setting.path(), setting.value(), setting.line(), findings);
            } else {
                reader.read(
                        setting.path(),
                        setting.value(),
                        setting.line(),
                        () -> setting.mapping().isHosted(setting.name()),
                        findings);
            }
        }
    }
}
