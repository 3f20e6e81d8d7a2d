package io.github.modelcache.scan;

import io.github.modelcache.scan.AllowedNames.Use;
import io.github.modelcache.scan.PickleValue.Bytes;
import io.github.modelcache.scan.PickleValue.Forgotten;
import io.github.modelcache.scan.PickleValue.Global;
import io.github.modelcache.scan.PickleValue.Made;
import io.github.modelcache.scan.PickleValue.Members;
import io.github.modelcache.scan.PickleValue.Plain;
import io.github.modelcache.scan.PickleValue.Row;
import io.github.modelcache.scan.PickleValue.Text;
import io.github.modelcache.scan.PickleValue.Whole;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Judges what a pickle would import and call. */
final class PickleCalls {
    private static final int MOST_NAMES = 1000;
    private static final int LONGEST_SHOWN = 120;
    private static final Set<String> ENCODINGS = Set.of("latin1", "latin-1", "utf-8", "utf8", "ascii");

    /** The functions that make a tensor of a storage, an offset, a shape and strides. */
    private static final Set<String> VIEWS = Set.of("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3");

    /** Which item of the state of a type of NumPy tells in its lowest bit whether it has objects. */
    private static final int DTYPE_FLAGS = 7;

    private static final Set<String> TENSORS = Set.of("torch._utils", "torch._tensor", "torch.nn.parameter");

    private final AllowedNames allowed;
    private final Nested nested;
    private final Map<String, Boolean> forbidden = new LinkedHashMap<>();
    private final TorchStorages storages = new TorchStorages();
    private boolean imported;
    private boolean called;

    /** What lies in a pickle and is read in its own way. */
    interface Nested {
        /** Reads a byte string; whether it looks like a model, and was scanned. */
        boolean bytes(ByteReader in, long length) throws IOException;

        /** Reads a text whose characters are the bytes of a model; whether it was scanned to its end. */
        boolean text(ByteReader in, long length) throws IOException;

        /** Looks into a text that may be a pickle in base64 or in hexadecimal digits; reads nothing. */
        void encoded(ByteReader in, long length) throws IOException;

        /** Skips the array that follows, or follows the pickle that is in its place. */
        void array(ByteReader in, Members description, PickleCalls calls) throws IOException;
    }

    PickleCalls(AllowedNames allowed, Nested nested) {
        this.allowed = allowed;
        this.nested = nested;
    }

    /** The names that must not be imported, in their order, and whether they are called too. */
    Map<String, Boolean> forbidden() {
        return forbidden;
    }

    /** Whether a name was imported that a module can have; numbers of extensions do not count. */
    boolean imported() {
        return imported;
    }

    /** Whether something was called, so that it has run even if the pickle breaks off later. */
    boolean called() {
        return called;
    }

    Global global(PickleValue module, PickleValue name) throws PickleException {
        need(module);
        need(name);
        if (module instanceof Text from && name instanceof Text what) {
            return global(from.text(), what.text());
        }
        throw new PickleException.TooComplex("it imports a name that cannot be followed");
    }

    Global global(String module, String name) {
        Use use = allowed.of(module, name);
        imported |= use != Use.NONE || PickleGlance.isName(module + "." + name);
        if (use == Use.NONE) {
            forbid(shown(module + "." + name), false);
        }
        return new Global(module, name, use);
    }

    Global extension(long code) {
        String name = "extension " + code + " of copyreg";
        forbid(name, false);
        return new Global("", name, Use.NONE);
    }

    /** A persistent id; old Torch files have their classes behind one, with their source code as a text. */
    PickleValue persistent(PickleValue id) throws PickleException {
        Row row = id instanceof Row items ? items : new Row(List.of(), 1);
        if (row.items().size() >= TorchStorages.ID_ITEMS - 1) {
            need(row.items().get(0));
            need(row.items().get(4));
        }
        if (row.items().size() == 4 && row.items().get(0).equals(new Text("module"))) {
            return row.items().get(1);
        }
        return storages.add(row);
    }

    /** The storages of PyTorch that its persistent ids name. */
    TorchStorages storages() {
        return storages;
    }

    /** REDUCE. */
    PickleValue call(PickleValue function, PickleValue arguments) throws PickleException {
        need(function);
        if (!(function instanceof Global global)) {
            forbid("the result of another call", true);
            called = true;
            return Plain.VALUE;
        }
        called = true;
        if (global.use() == Use.NONE) {
            forbid(shown(name(global)), true);
        } else if (global.use() == Use.CLASS) {
            forbid(global.dotted(), true);
        } else {
            check(global, arguments);
        }
        return isScannedText(global, arguments) ? Bytes.SCANNED : made(global, arguments);
    }

    /** INST and OBJ, which call a class. */
    PickleValue make(PickleValue type, PickleValue arguments) throws PickleException {
        boolean bare = type instanceof Global global
                && global.use() == Use.CLASS
                && arguments instanceof Row row
                && row.items().isEmpty();
        return bare ? instance(type, arguments) : call(type, arguments);
    }

    /** NEWOBJ: an instance without a call of its constructor. */
    PickleValue instance(PickleValue type, PickleValue arguments) throws PickleException {
        need(type);
        if (type instanceof Global global && global.use() != Use.NONE) {
            called = true;
            return made(global, arguments);
        }
        return call(type, arguments);
    }

    /** BUILD: sets the state; whether the raw bytes of an array followed, and the object is one now. */
    boolean build(ByteReader in, PickleValue object, PickleValue state) throws IOException {
        change(object);
        if (object instanceof Forgotten forgotten) {
            throw new PickleException.NotKept(forgotten); // it may be an array's description
        }
        if (object instanceof Made made && made.by().is("numpy", "dtype") && holdsObjects(made, state)) {
            forbid("numpy.dtype and give it objects", true);
        }
        if (object instanceof Made made
                && made.by().name().equals("NumpyArrayWrapper")
                && made.by().module().endsWith("joblib.numpy_pickle")) {
            need(state);
            if (!(state instanceof Members description)) {
                throw new PickleException.TooComplex("the array after it cannot be followed");
            }
            for (PickleValue value : description.values().values()) {
                need(value);
            }
            nested.array(in, description, this);
            return true;
        }
        return false;
    }

    /** Whether the state of a type of NumPy says that it has objects, which its name does not. */
    private static boolean holdsObjects(Made type, PickleValue state) {
        return !(type.arguments() instanceof Row row
                        && !row.items().isEmpty()
                        && row.items().get(0) instanceof Text name
                        && name.text().startsWith("O"))
                && state instanceof Row flags
                && flags.items().size() > DTYPE_FLAGS
                && flags.items().get(DTYPE_FLAGS) instanceof Whole bits
                && (bits.value() & 1) != 0;
    }

    /** Something is put into an object; an imported name itself must not be changed. */
    void change(PickleValue object) {
        if (object instanceof Global global && global.use() != Use.NONE) {
            forbid("a change of " + global.dotted(), false);
        }
    }

    /** Sets an item of an object; PyTorch's own unpickler writes past the end of a tensor then (CVE-2026-24747). */
    void set(PickleValue object) throws PickleException {
        need(object);
        change(object);
        if (object instanceof Made made && TENSORS.contains(made.by().module())) {
            forbid(made.by().dotted() + " and set an item of the tensor", true);
        }
    }

    PickleValue bytes(ByteReader in, long length) throws IOException {
        return nested.bytes(in, length) ? Bytes.SCANNED : Bytes.PLAIN;
    }

    /** A long text; one that stands for the bytes of a model is scanned as them. */
    PickleValue text(ByteReader in, long length) throws IOException {
        boolean model = in.isNext((byte) 0xc2, (byte) 0x80) || in.isNext('P', 'K');
        if (model && nested.text(in, length)) {
            return Bytes.SCANNED_TEXT;
        }
        if (!model) {
            in.skip(length);
        }
        return Plain.VALUE;
    }

    /** A text, which only a loader in another file would decode; it is looked at all the same. */
    void encoded(ByteReader in, long length) throws IOException {
        if (in.isNext('g', 'A') || in.isNext('8', '0')) {
            nested.encoded(in, length);
        }
    }

    private void check(Global function, PickleValue arguments) throws PickleException {
        need(arguments);
        List<PickleValue> items = arguments instanceof Row row ? row.items() : List.of();
        if (function.is("torch.storage", "_load_from_bytes")) {
            PickleValue bytes = items.size() == 1 ? items.get(0) : Plain.VALUE;
            need(bytes);
            if (bytes != Bytes.SCANNED) {
                forbid("torch.storage._load_from_bytes with bytes that cannot be followed", true);
            }
        } else if (function.is("_codecs", "encode")) {
            PickleValue encoding = items.size() == 2 ? items.get(1) : Plain.VALUE;
            need(encoding);
            if (items.size() != 1 && !(encoding instanceof Text text && ENCODINGS.contains(text.text()))) {
                forbid("_codecs.encode with another encoding than latin1", true);
            }
        } else if (function.module().equals("torch._utils") && VIEWS.contains(function.name())) {
            for (PickleValue item : items.subList(0, Math.min(TorchStorages.VIEW_ITEMS, items.size()))) {
                need(item);
            }
            if (!(arguments instanceof Row) || !TorchStorages.holds(items)) {
                forbid(function.dotted() + " with a tensor that is larger than its storage", true);
            }
        }
    }

    private static boolean isScannedText(Global function, PickleValue arguments) {
        return function.is("_codecs", "encode")
                && arguments instanceof Row row
                && row.items().size() == 2
                && row.items().get(0) == Bytes.SCANNED_TEXT
                && row.items().get(1) instanceof Text encoding
                && encoding.text().startsWith("latin");
    }

    private static PickleValue made(Global by, PickleValue arguments) {
        return new Made(by, arguments instanceof Row row && row.weight() <= 48 ? row : Plain.VALUE);
    }

    private void forbid(String name, boolean call) {
        if (forbidden.size() < MOST_NAMES || forbidden.containsKey(name)) {
            forbidden.merge(name, call, Boolean::logicalOr);
        }
    }

    private static String name(Global global) {
        return global.module().isEmpty() ? global.name() : global.dotted();
    }

    private static String shown(String name) {
        return name.length() <= LONGEST_SHOWN ? name : name.substring(0, LONGEST_SHOWN) + "…";
    }

    private static void need(PickleValue value) throws PickleException {
        if (value instanceof Forgotten forgotten) {
            throw new PickleException.NotKept(forgotten);
        }
    }
}
