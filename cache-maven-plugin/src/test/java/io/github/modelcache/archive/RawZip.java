package io.github.modelcache.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;

/** Writes zip files that no honest program writes. */
final class RawZip {
    final List<RawEntry> entries = new ArrayList<>();
    String comment = "";
    boolean zip64;
    long announcedEntries = -1;
    List<Integer> localOrder = List.of();

    RawZip entry(String name, String content) {
        entries.add(new RawEntry(name, content.getBytes(UTF_8)));
        return this;
    }

    RawZip with(Consumer<RawEntry> change) {
        change.accept(entries.get(entries.size() - 1));
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < entries.size(); i++) {
            RawEntry entry = entries.get(localOrder.isEmpty() ? i : localOrder.get(i));
            entry.offset = entry.offset < 0 ? out.size() : entry.offset;
            out.writeBytes(entry.local());
        }
        int start = out.size();
        entries.forEach(entry -> out.writeBytes(entry.central(zip64)));
        out.writeBytes(end(start, out.size() - start, out.size()));
        return out.toByteArray();
    }

    private byte[] end(int start, int size, int position) {
        long count = announcedEntries == -1 ? entries.size() : announcedEntries;
        byte[] text = comment.getBytes(UTF_8);
        ByteBuffer end = ByteBuffer.allocate(98 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        if (zip64) {
            end.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
            end.putInt(0).putInt(0).putLong(count).putLong(count).putLong(size).putLong(start);
            end.putInt(0x07064b50).putInt(0).putLong(position).putInt(1);
        }
        short shown = zip64 ? (short) 0xffff : (short) count;
        end.putInt(0x06054b50).putInt(0).putShort(shown).putShort(shown);
        end.putInt(zip64 ? -1 : size).putInt(zip64 ? -1 : start).putShort((short) text.length);
        end.put(text);
        return Arrays.copyOf(end.array(), end.position());
    }

    static final class RawEntry {
        byte[] localName;
        int localExtra;
        byte[] centralExtra = {};
        String comment = "";
        long shownOffset = -2;
        byte[] name;
        byte[] data;
        int flags = 1 << 11;
        int method = ZipEntry.DEFLATED;
        int mode = 0100644;
        long crc;
        long size;
        long compressedSize;
        long offset = -1;

        RawEntry(String name, byte[] content) {
            this.localName = name.getBytes(UTF_8);
            this.name = localName;
            CRC32 sum = new CRC32();
            sum.update(content);
            crc = sum.getValue();
            size = content.length;
            data = deflated(content);
            compressedSize = data.length;
        }

        byte[] local() {
            ByteBuffer out = ByteBuffer.allocate(30 + localName.length + localExtra + data.length)
                    .order(ByteOrder.LITTLE_ENDIAN);
            out.putInt(0x04034b50).putShort((short) 20).putShort((short) flags).putShort((short) method);
            out.putInt(0).putInt((int) crc).putInt((int) compressedSize).putInt((int) size);
            out.putShort((short) localName.length)
                    .putShort((short) localExtra)
                    .put(localName)
                    .put(new byte[localExtra])
                    .put(data);
            return out.array();
        }

        byte[] central(boolean zip64) {
            byte[] text = comment.getBytes(UTF_8);
            int extra = centralExtra.length + (zip64 ? 28 : 0);
            long position = shownOffset == -2 ? offset : shownOffset;
            ByteBuffer out =
                    ByteBuffer.allocate(46 + name.length + extra + text.length).order(ByteOrder.LITTLE_ENDIAN);
            out.putInt(0x02014b50).putShort((short) (3 << 8 | 45)).putShort((short) 45);
            out.putShort((short) flags).putShort((short) method).putInt(0).putInt((int) crc);
            out.putInt(zip64 ? -1 : (int) compressedSize).putInt(zip64 ? -1 : (int) size);
            out.putShort((short) name.length).putShort((short) extra).putShort((short) text.length);
            out.putInt(0).putInt(mode << 16).putInt(zip64 ? -1 : (int) position).put(name);
            out.put(centralExtra);
            if (zip64) {
                out.putShort((short) 1).putShort((short) 24);
                out.putLong(size).putLong(compressedSize).putLong(position);
            }
            return out.put(text).array();
        }

        private static byte[] deflated(byte[] content) {
            Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
            deflater.setInput(content);
            deflater.finish();
            byte[] buffer = new byte[content.length + 100];
            int length = deflater.deflate(buffer);
            deflater.end();
            return Arrays.copyOf(buffer, length);
        }
    }
}
