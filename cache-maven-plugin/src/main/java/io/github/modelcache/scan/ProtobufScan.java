package io.github.modelcache.scan;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Models in Protocol Buffers, which have no mark at their start: ONNX, and TensorFlow's SavedModel and GraphDef.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>
 * @see <a href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/saved_model.proto">
 *     saved_model.proto</a>
 */
final class ProtobufScan {
    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private static final int DEEPEST = 100;
    private static final int LONGEST_TEXT = 4 << 10;
    private static final Set<String> CALLS_PYTHON =
            Set.of("PyFunc", "PyFuncStateless", "EagerPyFunc", "PyOp", "PythonOp", "PyCustomOp");
    private static final Pattern NUMBERS_ELSEWHERE =
            Pattern.compile("location|offset|length|checksum|basepath|prepacked\\w*");
    private static final Set<String> TOUCHES_FILES = Set.of("ReadFile", "WriteFile", "MatchingFiles");

    private final Content content;
    private final String where;
    private final Inspection inspection;

    /** A message that is followed, and which of its fields are followed in their turn. */
    private enum Message {
        ONNX(Set.of(1, 5), Set.of(2, 3, 4, 6, 7, 8, 14, 20, 25, 26)),
        SAVED_MODEL(Set.of(1), Set.of(2)),
        GRAPH_DEF(Set.of(3), Set.of(1, 2, 4)),
        META_GRAPH(Set.of(), Set.of(1, 2, 3, 4, 5, 6, 7)),
        TF_LIBRARY,
        TF_FUNCTION,
        TF_NODE,
        GRAPH,
        NODE,
        ATTRIBUTE,
        SPARSE,
        TENSOR,
        FUNCTION,
        TEXT_ENTRY;

        private final long numbers;
        private final long parts;

        Message() {
            this(Set.of(), Set.of());
        }

        Message(Set<Integer> numbers, Set<Integer> parts) {
            this.numbers = bits(numbers);
            this.parts = bits(parts);
        }

        private static long bits(Set<Integer> fields) {
            return fields.stream().mapToLong(field -> 1L << field).reduce(0, (a, b) -> a | b);
        }

        /** Whether a field of this type may stand in the message. */
        boolean has(int field, int type) {
            long fields = type == VARINT ? numbers : type == LENGTH ? parts : 0;
            return field < Long.SIZE && (fields & 1L << field) != 0;
        }

        Optional<Message> child(int field) {
            return Optional.ofNullable(CHILDREN.getOrDefault(this, Map.of()).get(field));
        }
    }

    private static final Map<Message, Map<Integer, Message>> CHILDREN = Map.ofEntries(
            Map.entry(Message.ONNX, Map.of(7, Message.GRAPH, 25, Message.FUNCTION)),
            Map.entry(Message.GRAPH, Map.of(1, Message.NODE, 5, Message.TENSOR, 15, Message.SPARSE)),
            Map.entry(Message.FUNCTION, Map.of(7, Message.NODE)),
            Map.entry(Message.NODE, Map.of(5, Message.ATTRIBUTE)),
            Map.entry(
                    Message.ATTRIBUTE,
                    Map.of(
                            5,
                            Message.TENSOR,
                            6,
                            Message.GRAPH,
                            10,
                            Message.TENSOR,
                            11,
                            Message.GRAPH,
                            22,
                            Message.SPARSE,
                            23,
                            Message.SPARSE)),
            Map.entry(Message.SPARSE, Map.of(1, Message.TENSOR, 2, Message.TENSOR)),
            Map.entry(Message.TENSOR, Map.of(13, Message.TEXT_ENTRY)),
            Map.entry(Message.SAVED_MODEL, Map.of(2, Message.META_GRAPH)),
            Map.entry(Message.META_GRAPH, Map.of(2, Message.GRAPH_DEF)),
            Map.entry(Message.GRAPH_DEF, Map.of(1, Message.TF_NODE, 2, Message.TF_LIBRARY)),
            Map.entry(Message.TF_LIBRARY, Map.of(1, Message.TF_FUNCTION)),
            Map.entry(Message.TF_FUNCTION, Map.of(3, Message.TF_NODE)));

    /** Which field of a node names its operation. */
    private static final Map<Message, Integer> OPERATION = Map.of(Message.NODE, 4, Message.TF_NODE, 2);

    ProtobufScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
    }

    Format scan() throws IOException {
        Optional<Message> found = outermost();
        if (found.isEmpty()) {
            return Format.OTHER;
        }
        Format format = found.get() == Message.ONNX ? Format.ONNX : Format.SAVED_MODEL;
        try (ByteReader in = content.reader(0)) {
            follow(in, content.size(), found.get(), 0);
        } catch (EOFException e) {
            inspection.unreadable(where, "it is damaged as " + format.id() + ": it ends early");
        }
        if (format == Format.SAVED_MODEL) {
            new EmbeddedJsonScan(content, where, inspection).scan();
        }
        return format;
    }

    /** What the fields of the whole content fit; none if it is something else. */
    private Optional<Message> outermost() throws IOException {
        boolean[] fits = {true, true, true, true};
        Message[] candidates = {Message.ONNX, Message.SAVED_MODEL, Message.GRAPH_DEF, Message.META_GRAPH};
        boolean graph = false;
        boolean second = false;
        boolean graphDef = false;
        boolean node = false;
        int fields = 0;
        try (ByteReader in = content.reader(0, 4 << 10)) {
            while (in.position() < content.size()) {
                long tag = varint(in);
                int field = (int) Math.min(tag >>> 3, 1 << 20);
                int type = (int) (tag & 7);
                boolean any = false;
                for (int i = 0; i < candidates.length; i++) {
                    fits[i] &= candidates[i].has(field, type);
                    any |= fits[i];
                }
                if (!any) {
                    return Optional.empty();
                }
                graph |= field == 7;
                second |= field == 2;
                graphDef |= field == 2 && fits[3] && TensorFlowGraph.isGraph(in);
                if (fields++ == 0 && fits[2]) {
                    node = TensorFlowGraph.isNode(in);
                }
                pass(in, type);
            }
            if (in.position() != content.size()) {
                return Optional.empty();
            }
        } catch (EOFException e) {
            return Optional.empty();
        }
        if (fits[0] && graph) {
            return Optional.of(Message.ONNX);
        }
        if (fits[3] && second && inspection.name(where).endsWith(".meta")) {
            return Optional.of(Message.META_GRAPH);
        }
        if (fits[1] && second) {
            return Optional.of(Message.SAVED_MODEL);
        }
        if (fits[2] && node) {
            return Optional.of(Message.GRAPH_DEF);
        }
        return fits[3] && second && graphDef ? Optional.of(Message.META_GRAPH) : Optional.empty();
    }

    private void follow(ByteReader in, long end, Message message, int depth) throws IOException {
        if (depth > DEEPEST) {
            inspection.unreadable(where, "its graphs lie in each other more than " + DEEPEST + " deep");
            in.skip(end - in.position());
            return;
        }
        String key = "";
        while (in.position() < end) {
            long tag = varint(in);
            int field = (int) (tag >>> 3);
            if ((tag & 7) != LENGTH) {
                pass(in, (int) (tag & 7));
                continue;
            }
            long length = varint(in);
            if (length < 0 || length > end - in.position()) {
                throw new EOFException();
            }
            Optional<Message> child = message.child(field);
            if (child.isPresent()) {
                follow(in, in.position() + length, child.get(), depth + 1);
            } else if (Integer.valueOf(field).equals(OPERATION.get(message))) {
                operation(text(in, length));
            } else if (message == Message.TEXT_ENTRY && field <= 2) {
                String text = text(in, length);
                if (field == 2 && key.equals("location")) {
                    location(text);
                }
                if (field == 1) {
                    key = text;
                    requireKnown(key);
                }
            } else {
                in.skip(length);
            }
        }
    }

    private void operation(String name) {
        if (CALLS_PYTHON.contains(name)) {
            inspection.unsafe(where, "its graph calls Python by the operation " + name);
        } else if (TOUCHES_FILES.contains(name)) {
            inspection.unsafe(where, "its graph reads or writes files by the operation " + name);
        }
    }

    /** The library once made an attribute of each member that describes numbers in another file: CVE-2026-34445. */
    private void requireKnown(String member) {
        if (!NUMBERS_ELSEWHERE.matcher(member).matches()) {
            inspection.unsafe(where, "it describes numbers in another file by the unknown member '" + member + "'");
        }
    }

    /** Whether a path does not stay in its folder. */
    static boolean isOutside(String path) {
        return path.startsWith("/")
                || path.contains("\\")
                || path.contains("\0")
                || path.matches("[A-Za-z]:.*")
                || List.of(path.split("/")).contains("..");
    }

    /** Numbers in another file, which must lie beside or below this one. */
    private void location(String path) {
        if (isOutside(path)) {
            inspection.unsafe(where, "it reads numbers from '" + path + "', outside of the model's folder");
        }
    }

    private static String text(ByteReader in, long length) throws IOException {
        if (length > LONGEST_TEXT) {
            in.skip(length);
            return "";
        }
        return new String(in.bytes((int) length), StandardCharsets.UTF_8);
    }

    private static void pass(ByteReader in, int type) throws IOException {
        switch (type) {
            case VARINT -> varint(in);
            case 1 -> in.skip(8);
            case LENGTH -> in.skip(varint(in));
            case 5 -> in.skip(4);
            default -> throw new EOFException();
        }
    }

    private static long varint(ByteReader in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int b = in.u8();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new EOFException("a number is too long");
    }
}
