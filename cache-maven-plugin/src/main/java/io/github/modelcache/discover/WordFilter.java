package io.github.modelcache.discover;

import java.util.Arrays;
import java.util.Set;

/**
 * Quickly sorts out files that mention no model: files without any known word and without a string that could be a
 * name. Thread-safe.
 */
final class WordFilter {

    private static final String[] SETTINGS = {
        "model",
        "Model",
        "MODEL",
        "checkpoint",
        "tokenizer",
        "encoder",
        "spacy",
        "huggingface",
        "embed",
        "http",
        "_sm",
        "_md",
        "_lg",
        "_trf",
        "repo"
    };
    private static final String[] COMMANDS = {"download", "ollama", "http", "model", "MODEL", "serve", "-hf", "hf-repo"
    };

    /** Parts of URLs and of package names, and names of constants that other files may use. */
    private static final String[] NAMES = {
        "huggingface.co",
        "hf.co",
        "hf-mirror",
        "hf://",
        ".onnx",
        ".gguf",
        ".safetensors",
        ".pt",
        ".th",
        ".ckpt",
        ".tflite",
        ".zip",
        ".tgz",
        ".tar",
        ".bin",
        "_core_",
        "_ent_wiki",
        "_dep_news",
        "torchaudio",
        "ollama",
        "@Value",
        "_MODEL",
        "MODEL_NAME",
        "MODEL_ID",
        "MODEL_SIZE",
        " download"
    };

    /** Names of models are shorter than this. */
    private static final int LONGEST_NAME = 110;

    private final Automaton calls;
    private final Automaton settings = new Automaton(SETTINGS);
    private final Automaton commands = new Automaton(COMMANDS);

    /** Creates a filter that knows these words of calls. */
    WordFilter(Set<String> calls) {
        String[] ofCode = Arrays.copyOf(NAMES, NAMES.length + calls.size());
        System.arraycopy(calls.toArray(new String[0]), 0, ofCode, NAMES.length, calls.size());
        this.calls = new Automaton(ofCode);
    }

    boolean mayName(byte[] text, FileType type) {
        return switch (type) {
            case PYTHON, JAVA, NOTEBOOK -> mayCall(text) || hasOwnedName(text);
            case SHELL -> commands.finds(text);
            case YAML -> settings.finds(text) || commands.finds(text);
            default -> settings.finds(text);
        };
    }

    /** Whether a source may contain a known call, a command or a URL. */
    boolean mayCall(byte[] text) {
        return calls.finds(text);
    }

    /** Whether a source contains a string such as {@code "owner/name"}. */
    private static boolean hasOwnedName(byte[] text) {
        int start = -1;
        int slashes = 0;
        for (int i = 0; i < text.length; i++) {
            byte b = text[i];
            if (b == '"' || b == '\'') {
                if (start >= 0 && slashes == 1 && i - start < LONGEST_NAME) {
                    return true;
                }
                start = i;
                slashes = 0;
            } else if (b == '/') {
                slashes++;
            } else if (b <= ' ' || b == '(' || b == ')' || b == ',' || b == '=') {
                start = -1;
            }
        }
        return false;
    }

    /**
     * Looks for any of some words in one pass.
     *
     * @see <a href="https://en.wikipedia.org/wiki/Aho%E2%80%93Corasick_algorithm">Aho-Corasick algorithm</a>
     */
    private static final class Automaton {

        private static final int BYTES = 128;

        private final short[] next;
        private final boolean[] ends;

        Automaton(String... words) {
            int most = 1;
            for (String word : words) {
                most += word.length();
            }
            short[] trie = new short[most * BYTES];
            ends = new boolean[most];
            int states = 1;
            for (String word : words) {
                int state = 0;
                for (int i = 0; i < word.length(); i++) {
                    int edge = state * BYTES + word.charAt(i);
                    if (trie[edge] == 0) {
                        trie[edge] = (short) states++;
                    }
                    state = trie[edge];
                }
                ends[state] = true;
            }
            next = completed(trie, states);
        }

        /** Adds the edges that each state inherits from its longest suffix. */
        private short[] completed(short[] trie, int states) {
            int[] suffix = new int[states];
            int[] queue = new int[states];
            int tail = 0;
            for (int c = 0; c < BYTES; c++) {
                if (trie[c] != 0) {
                    queue[tail++] = trie[c];
                }
            }
            for (int head = 0; head < tail; head++) {
                int state = queue[head];
                ends[state] |= ends[suffix[state]];
                for (int c = 0; c < BYTES; c++) {
                    int edge = state * BYTES + c;
                    short to = trie[edge];
                    short other = trie[suffix[state] * BYTES + c];
                    if (to == 0) {
                        trie[edge] = other;
                    } else {
                        suffix[to] = other;
                        queue[tail++] = to;
                    }
                }
            }
            return trie;
        }

        boolean finds(byte[] text) {
            int state = 0;
            for (byte b : text) {
                state = b < 0 ? 0 : next[state * BYTES + b];
                if (ends[state]) {
                    return true;
                }
            }
            return false;
        }
    }
}
