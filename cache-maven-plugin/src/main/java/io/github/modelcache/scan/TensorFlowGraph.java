package io.github.modelcache.scan;

import java.io.IOException;

/**
 * Recognizes a graph of TensorFlow in Protocol Buffers by its first node.
 *
 * @see <a href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/graph.proto">graph.proto</a>
 */
final class TensorFlowGraph {
    private static final int LONGEST_START = 300;

    private TensorFlowGraph() {}

    /** Whether a length and a node of TensorFlow follow: its name, and the name of its operation. */
    static boolean isNode(ByteReader in) throws IOException {
        byte[] next = in.peek(LONGEST_START);
        return isNode(next, behindLength(next, 0));
    }

    /** Whether a length and a graph of TensorFlow follow, which begins with a node. */
    static boolean isGraph(ByteReader in) throws IOException {
        byte[] next = in.peek(LONGEST_START);
        int at = behindLength(next, 0);
        return at < next.length && next[at] == 0x0a && isNode(next, behindLength(next, at + 1));
    }

    private static int behindLength(byte[] next, int from) {
        int at = from;
        while (at < next.length && next[at] < 0) {
            at++;
        }
        return at + 1;
    }

    private static boolean isNode(byte[] next, int at) {
        if (at + 1 >= next.length || next[at] != 0x0a || next[at + 1] <= 0) {
            return false;
        }
        int operation = at + 2 + next[at + 1];
        return operation + 1 < next.length && next[operation] == 0x12 && next[operation + 1] > 0;
    }
}
