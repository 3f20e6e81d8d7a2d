package io.github.modelcache.scan;

import io.github.modelcache.scan.PickleValue.Members;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Follows the pickles of one content: one, several in a row, and those among the raw numbers behind them. */
final class PickleScan implements PickleCalls.Nested {
    private static final int MOST_RUNS = 8;
    private static final int DEEPEST_ARRAY = 50;
    private static final int SURE_OPCODES = 16;
    private static final int WINDOW = 4 << 10;
    private static final int LONGEST_ENCODED = 1 << 20;
    private static final int MOST_PICKLES = 100_000;

    private final Content content;
    private final String where;
    private final Inspection inspection;
    private final List<Set<Integer>> wanted = new ArrayList<>();
    private final PickleGlance glance;
    private TorchStorages storages = new TorchStorages();
    private int machines;
    private int arrays;

    PickleScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
        this.glance = new PickleGlance(inspection.allowed());
    }

    /** How one pickle ended. */
    private record Run(
            long start,
            boolean headed,
            boolean sure,
            Optional<String> problem,
            boolean complex,
            long end,
            PickleCalls calls) {}

    /** Follows what is there, as a program does that loads one pickle after the other; whether it is a pickle at all. */
    boolean scan() throws IOException {
        boolean found = false;
        List<Run> group = new ArrayList<>();
        long at = 0;
        long searched = 0;
        for (int i = 0; ; i++) {
            if (i == MOST_PICKLES) {
                inspection.unsafe(where, "it has more than " + MOST_PICKLES + " pickles");
                return true;
            }
            wanted.clear();
            Run run = follow(at);
            storages = i == 0 ? run.calls().storages() : storages;
            boolean pickle = at == 0 ? isPickle(run) : (run.headed() && isPickle(run)) || runsCode(run);
            if (pickle) {
                found = true;
                report(run);
            } else if (group.size() == TorchStorages.PICKLES && run.problem().isPresent()) {
                searched = storagesEnd(group, at);
                group.clear();
                if (searched > at) {
                    at = searched;
                    continue;
                }
            }
            if (run.problem().isPresent()) {
                if (pickle) {
                    return true;
                }
                break;
            }
            at = run.end();
            searched = pickle ? at : searched;
            if (group.size() <= TorchStorages.PICKLES) {
                group.add(run);
            }
        }
        if (found) {
            search(searched);
        }
        return found;
    }

    /** The storages of PyTorch that the first pickle names. */
    TorchStorages storages() {
        return storages;
    }

    private long storagesEnd(List<Run> pickles, long start) throws IOException {
        if (!Format.of(content.head(Format.HEAD_BYTES), content.size()).mayBeChance()) {
            return start; // another library reads something else in it
        }
        TorchStorages storages = pickles.get(3).calls().storages();
        return storages.end(content, pickles.get(0).start(), pickles.get(4).start(), start);
    }

    /** Whether the start is one; what is merely text or numbers ends soon, or imports nothing that can be. */
    private static boolean isPickle(Run run) {
        if (run.problem().isEmpty()) {
            return run.headed() || run.sure() || run.calls().imported();
        }
        if (run.headed() && (run.sure() || run.calls().imported() || run.complex())) {
            return true;
        }
        if (run.calls().forbidden().keySet().stream()
                .anyMatch(name -> name.startsWith("builtins.") || name.startsWith("__builtin__."))) {
            return true; // no text begins so
        }
        boolean importable = run.calls().forbidden().keySet().stream().allMatch(PickleGlance::isName);
        return run.calls().called()
                && importable
                && (run.sure() || !run.calls().forbidden().isEmpty());
    }

    /** Whether it runs code for sure; numbers behind a pickle may look like one by chance. */
    private static boolean runsCode(Run run) {
        return PickleGlance.imports(run.calls())
                && (run.problem().isEmpty() || run.calls().called());
    }

    private void report(Run run) {
        run.calls()
                .forbidden()
                .forEach((name, called) ->
                        inspection.unsafe(where, "it would " + (called ? "call " : "import ") + name));
        run.problem()
                .ifPresent(problem ->
                        inspection.unsafe(where, "it is a pickle that cannot be followed to its end: " + problem));
    }

    private Run follow(long start) throws IOException {
        for (int i = 0; i < MOST_RUNS; i++) {
            machines = 0;
            arrays = 0;
            PickleCalls calls = new PickleCalls(inspection.allowed(), this);
            try (ByteReader in = content.reader(start)) {
                byte[] head = in.peek(2);
                boolean headed = isHeader(head, 0);
                PickleMachine machine = machine(in, calls);
                try {
                    machine.run();
                    return new Run(start, headed, sure(machine), Optional.empty(), false, in.position(), calls);
                } catch (PickleException.NotKept e) {
                    // again, with the value that is needed
                } catch (PickleException e) {
                    boolean complex = e instanceof PickleException.TooComplex;
                    return new Run(
                            start,
                            headed || machine.isFramed(),
                            sure(machine),
                            Optional.of(String.valueOf(e.getMessage())),
                            complex,
                            start,
                            calls);
                } catch (EOFException e) {
                    return new Run(start, headed, sure(machine), Optional.of("it ends early"), false, start, calls);
                }
            }
        }
        PickleCalls calls = new PickleCalls(inspection.allowed(), this);
        return new Run(start, true, true, Optional.of("its values refer to each other too often"), true, start, calls);
    }

    private static boolean sure(PickleMachine machine) {
        return machine.opcodes() >= SURE_OPCODES;
    }

    private PickleMachine machine(ByteReader in, PickleCalls calls) {
        if (machines == wanted.size()) {
            wanted.add(new HashSet<>());
        }
        return new PickleMachine(in, calls, new PickleMemo(wanted.get(machines++)));
    }

    /** PROTO with a protocol from 2 on. */
    static boolean isHeader(byte[] bytes, int at) {
        return bytes.length > at + 1 && bytes[at] == (byte) 0x80 && bytes[at + 1] >= 2 && bytes[at + 1] <= 8;
    }

    /**
     * Looks for pickles among the numbers behind the last one: the storages of old Torch files are read by their
     * lengths, and what follows them is loaded again.
     */
    private void search(long from) throws IOException {
        PickleHeaders.find(content, from, start -> {
            if (glance.mayImport(content.part(start + 1, WINDOW).head(WINDOW), WINDOW)) {
                wanted.clear();
                Run run = follow(start);
                if (PickleGlance.imports(run.calls())) {
                    report(run);
                }
            }
        });
    }

    @Override
    public boolean bytes(ByteReader in, long length) throws IOException {
        long start = in.position();
        boolean model = length >= 8 && Format.canRunCode(in.peek(8));
        in.skip(length);
        if (model) {
            inspection.nested(content.part(start, length), where + "bytes at " + start + " > ");
        }
        return model;
    }

    @Override
    public boolean text(ByteReader in, long length) throws IOException {
        long start = in.position();
        in.skip(length);
        Content text = content.part(start, length);
        try (UnpackedBytes bytes = new UnpackedBytes(() -> new Latin1Stream(text.open(0)), inspection)) {
            inspection.nested(Content.of(bytes), where + "text at " + start + " > ");
            return bytes.problem().isEmpty();
        }
    }

    @Override
    public void encoded(ByteReader in, long length) throws IOException {
        if (length > LONGEST_ENCODED) {
            return;
        }
        byte[] bytes = PickleText.decoded(content.part(in.position(), length).head((int) length));
        if (isHeader(bytes, 0)) {
            Run run = new PickleScan(Content.of(bytes), where, inspection).follow(0);
            run.calls()
                    .forbidden()
                    .forEach((name, called) -> inspection.unsafe(
                            where, "a text at " + in.position() + " is an encoded pickle that would use " + name));
        }
    }

    @Override
    public void array(ByteReader in, Members description, PickleCalls calls) throws IOException {
        ArrayDescription array = ArrayDescription.of(description);
        if (array.holdsObjects()) {
            if (arrays == DEEPEST_ARRAY) {
                throw new PickleException.TooComplex("its arrays lie in each other too deep");
            }
            arrays++;
            machine(in, calls).run();
            arrays--;
            return;
        }
        if (array.mayHoldObjects() && glance.isLoaded(content.reader(in.position()))) {
            throw new PickleException.TooComplex(
                    "it has a pickle in the place of an array of the type " + array.type());
        }
        if (array.aligned()) {
            in.skip(in.u8());
        }
        in.skip(array.bytes());
    }
}
