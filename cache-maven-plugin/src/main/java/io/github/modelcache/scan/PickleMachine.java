package io.github.modelcache.scan;

import io.github.modelcache.scan.PickleValue.Members;
import io.github.modelcache.scan.PickleValue.Plain;
import io.github.modelcache.scan.PickleValue.Row;
import io.github.modelcache.scan.PickleValue.Text;
import io.github.modelcache.scan.PickleValue.Whole;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Follows one pickle as Python's unpickler would, without importing or calling anything. It gives up no earlier than
 * Python does: what Python would still run, it has seen.
 *
 * @see <a href="https://github.com/python/cpython/blob/main/Lib/pickletools.py">pickletools, the description of all
 *     opcodes</a>
 */
final class PickleMachine {
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_LINE = 1 << 20;
    private static final int LEAST_ENCODED = 24;
    private static final int MOST_ITEMS = 64;
    private static final int HEAVIEST = 48;
    private static final long NO_FRAME = Long.MAX_VALUE;
    private static final long LONGEST_FRAME = 1L << 40;

    private final ByteReader in;
    private final PickleCalls calls;
    private final PickleStack stack = new PickleStack();
    private final PickleMemo memo;
    private long opcodes;
    private long frameEnd = NO_FRAME;

    PickleMachine(ByteReader in, PickleCalls calls, PickleMemo memo) {
        this.in = in;
        this.calls = calls;
        this.memo = memo;
    }

    /** How many opcodes were read. */
    long opcodes() {
        return opcodes;
    }

    /** Whether it has a frame that could be one of a file. */
    boolean isFramed() {
        return frameEnd != NO_FRAME;
    }

    /**
     * Follows it to its STOP.
     *
     * @throws PickleException where Python would stop too, or it cannot be followed
     * @throws EOFException if it ends early
     */
    void run() throws IOException {
        while (true) {
            int opcode = in.u8();
            opcodes++;
            if (opcode == '.') {
                stack.pop();
                return;
            }
            long start = in.position();
            step(opcode);
            if (start <= frameEnd && in.position() > frameEnd) {
                // Python's two unpicklers go on at different places then.
                throw new PickleException.TooComplex("a value lies across the end of a frame");
            }
        }
    }

    /** FRAME: so many bytes are read at once, and hold whole opcodes. */
    private void frame(long length) throws PickleException {
        if (isFramed() && in.position() - Long.BYTES <= frameEnd) {
            throw new PickleException.TooComplex("a frame begins inside of another");
        }
        frameEnd = length < 0 || length > LONGEST_FRAME ? NO_FRAME : in.position() + length;
    }

    private void step(int opcode) throws IOException {
        switch (opcode) {
            case '(' -> stack.mark();
            case '0' -> stack.discard();
            case '1' -> stack.popMark(0);
            case '2' -> stack.push(stack.top());
            case 'K' -> stack.push(new Whole(in.u8()));
            case 'M' -> stack.push(new Whole(in.le(2)));
            case 'J' -> stack.push(new Whole((int) in.le(4)));
            case 'I', 'L' -> stack.push(PickleText.number(in.line(LONGEST_LINE)));
            case 'F' -> {
                PickleText.requireFloat(in.line(LONGEST_LINE));
                stack.push(Plain.VALUE);
            }
            case 'G' -> skipped(8);
            case 'N' -> stack.push(Plain.NONE);
            case 0x88, 0x89, ']', 0x8f, 0x97 -> stack.push(Plain.VALUE);
            case 0x98 -> stack.top();
            case '}' -> stack.push(new Members());
            case ')' -> stack.push(new Row(List.of(), 1));
            case 0x8a -> stack.push(number(in.u8()));
            case 0x8b -> skipped(in.le(4));
            case 'S' -> stack.push(new Text(PickleText.quoted(in.line(LONGEST_LINE))));
            case 'V' -> stack.push(new Text(PickleText.rawUnicode(in.line(LONGEST_LINE))));
            case 'U', 0x8c -> text(in.u8());
            case 'T' -> text(in.le(4));
            case 'X' -> text(in.le(4));
            case 0x8d -> text(in.le(8));
            case 'C' -> bytes(in.u8());
            case 'B' -> bytes(in.le(4));
            case 0x8e, 0x96 -> bytes(in.le(8));
            case 'p' -> memo.put(index(in.line(LONGEST_NAME)), stack.top());
            case 'q' -> memo.put(in.u8(), stack.top());
            case 'r' -> memo.put(in.le(4), stack.top());
            case 0x94 -> memo.add(stack.top());
            case 'g' -> stack.push(memo.get(index(in.line(LONGEST_NAME))));
            case 'h' -> stack.push(memo.get(in.u8()));
            case 'j' -> stack.push(memo.get(in.le(4)));
            case 0x80 -> in.u8();
            case 0x95 -> frame(in.le(8));
            default -> build(opcode);
        }
    }

    private void build(int opcode) throws IOException {
        switch (opcode) {
            case 't' -> stack.push(row(stack.popMark(MOST_ITEMS)));
            case 0x85, 0x86, 0x87 -> tuple(opcode - 0x84);
            case 'l', 0x91 -> {
                stack.popMark(0);
                stack.push(Plain.VALUE);
            }
            case 'd' -> {
                List<PickleValue> items = stack.popMark(MOST_ITEMS);
                Members made = new Members();
                set(made, items);
                stack.push(made);
            }
            case 'a' -> {
                stack.pop();
                calls.change(stack.top());
            }
            case 'e', 0x90 -> {
                stack.popMark(0);
                calls.change(stack.top());
            }
            case 's' -> {
                PickleValue value = stack.pop();
                PickleValue key = stack.pop();
                calls.set(stack.top());
                set(stack.top(), List.of(key, value));
            }
            case 'u' -> {
                List<PickleValue> items = stack.popMark(MOST_ITEMS);
                calls.set(stack.top());
                set(stack.top(), items);
            }
            default -> call(opcode);
        }
    }

    private void call(int opcode) throws IOException {
        switch (opcode) {
            case 'c' -> stack.push(calls.global(utf8(in.line(LONGEST_LINE)), utf8(in.line(LONGEST_LINE))));
            case 0x93 -> {
                PickleValue name = stack.pop();
                PickleValue module = stack.pop();
                stack.push(calls.global(module, name));
            }
            case 'i' -> {
                PickleValue type = calls.global(utf8(in.line(LONGEST_LINE)), utf8(in.line(LONGEST_LINE)));
                stack.push(calls.make(type, row(stack.popMark(MOST_ITEMS))));
            }
            case 'o' -> {
                long count = stack.aboveMark();
                List<PickleValue> items = stack.popMark((int) Math.min(count, 1 << 20));
                if (items.isEmpty()) {
                    throw count == 0
                            ? new PickleException("it makes an object of nothing")
                            : new PickleException.TooComplex("it makes an object of too many values");
                }
                stack.push(calls.make(items.get(0), row(items.subList(1, items.size()))));
            }
            case 0x81 -> {
                PickleValue arguments = stack.pop();
                stack.push(calls.instance(stack.pop(), arguments));
            }
            case 0x92 -> {
                stack.pop();
                PickleValue arguments = stack.pop();
                stack.push(calls.instance(stack.pop(), arguments));
            }
            case 'R' -> {
                PickleValue arguments = stack.pop();
                stack.push(calls.call(stack.pop(), arguments));
            }
            case 'b' -> {
                PickleValue state = stack.pop();
                long start = in.position();
                if (calls.build(in, stack.top(), state)) {
                    frameEnd = frameEnd == start ? NO_FRAME : frameEnd; // joblib ends it before an array
                    stack.pop();
                    stack.push(Plain.VALUE); // an array, whose bytes were skipped
                }
            }
            case 0x82 -> stack.push(calls.extension(in.u8()));
            case 0x83 -> stack.push(calls.extension(in.le(2)));
            case 0x84 -> stack.push(calls.extension(in.le(4)));
            case 'P' -> {
                in.line(LONGEST_LINE);
                stack.push(calls.persistent(Plain.VALUE));
            }
            case 'Q' -> stack.push(calls.persistent(stack.pop()));
            default -> throw new PickleException(String.format("0x%02x is no opcode", opcode));
        }
    }

    private void skipped(long length) throws IOException {
        in.skip(length);
        stack.push(Plain.VALUE);
    }

    private void text(long length) throws IOException {
        if (length < 0) {
            throw new PickleException("a length is negative");
        }
        if (length >= LEAST_ENCODED) {
            calls.encoded(in, length);
        }
        if (length > LONGEST_NAME) {
            stack.push(calls.text(in, length));
        } else {
            stack.push(new Text(utf8(in.bytes((int) length))));
        }
    }

    private void bytes(long length) throws IOException {
        if (length < 0) {
            throw new PickleException("a length is negative");
        }
        stack.push(calls.bytes(in, length));
    }

    private PickleValue number(int length) throws IOException {
        if (length > Long.BYTES) {
            in.skip(length);
            return Plain.VALUE;
        }
        long value = in.le(length);
        int unused = Long.SIZE - 8 * length;
        return new Whole(length == 0 ? 0 : value << unused >> unused);
    }

    private void tuple(int count) throws IOException {
        PickleValue[] items = new PickleValue[count];
        for (int i = count - 1; i >= 0; i--) {
            items[i] = stack.pop();
        }
        stack.push(row(List.of(items)));
    }

    /** A short row is kept; a long one, or one that holds many others, makes no difference to anything. */
    private static PickleValue row(List<PickleValue> items) {
        int weight = 1;
        for (PickleValue item : items) {
            weight += flat(item).weight();
        }
        return weight > HEAVIEST
                ? Plain.VALUE
                : new Row(items.stream().map(PickleMachine::flat).toList(), weight);
    }

    private static void set(PickleValue target, List<PickleValue> items) {
        if (target instanceof Members members) {
            for (int i = 0; i + 1 < items.size(); i += 2) {
                if (items.get(i) instanceof Text key && members.values().size() < MOST_ITEMS) {
                    members.values().put(key.text(), flat(items.get(i + 1)));
                }
            }
        }
    }

    /** Members in members would be kept for ever. */
    private static PickleValue flat(PickleValue value) {
        return value instanceof Members ? Plain.VALUE : value;
    }

    private static long index(byte[] line) throws PickleException {
        PickleValue index = PickleText.number(line);
        return index instanceof Whole number ? number.value() : -1;
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
