package io.github.modelcache.model;

import io.github.modelcache.testing.RecordEquality;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EqualityTest {

    @Test
    void referencesAreEqualByAllTheyHold() {
        RecordEquality.require(
                new ModelReference("hf", "a/b"),
                ModelReference.parse("hf:a/b"),
                List.of(new ModelReference("url", "a/b"), new ModelReference("hf", "a/c")));
    }

    @Test
    void requestsAreEqualByAllTheyHold() {
        RecordEquality.require(
                request("main", "*.bin", "*.txt", "here"),
                request("main", "*.bin", "*.txt", "here"),
                List.of(
                        request("v2", "*.bin", "*.txt", "here"),
                        request("main", "*.onnx", "*.txt", "here"),
                        request("main", "*.bin", "*.md", "here"),
                        request("main", "*.bin", "*.txt", "there"),
                        inForm(Optional.of(false), Optional.empty()),
                        inForm(Optional.empty(), Optional.of(false))));
    }

    private static ModelRequest inForm(Optional<Boolean> unpack, Optional<Boolean> links) {
        return new ModelRequest(
                Optional.of("main"), List.of("*.bin"), List.of("*.txt"), Optional.of("here"), unpack, links);
    }

    private static ModelRequest request(String revision, String include, String exclude, String to) {
        return new ModelRequest(Optional.of(revision), List.of(include), List.of(exclude), Optional.of(to));
    }

    @Test
    void versionsAreEqualByAllTheyHold() {
        RecordEquality.require(
                version("hf:a/b", "v1"),
                version("hf:a/b", "v1"),
                List.of(version("hf:a/c", "v1"), version("hf:a/b", "v2")));
    }

    private static ModelVersion version(String reference, String revision) {
        return ModelVersion.of(ModelReference.parse(reference), Optional.of(revision));
    }
}
