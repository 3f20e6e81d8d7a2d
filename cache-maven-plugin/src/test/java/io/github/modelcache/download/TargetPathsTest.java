package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetPathsTest {

    @TempDir
    Path folder;

    private static ResolvedModel url(String address) {
        ModelFile file = new ModelFile("h/vad.onnx", 3, Optional.empty(), address);
        return new ResolvedModel(
                ModelReference.parse("url:" + address), ModelRequest.PLAIN, "", Optional.empty(), false, List.of(file));
    }

    @Test
    void twoAddressesOfOneFileNameAreToldOfTo() throws Exception {
        CacheConfig config = new TestProject(folder).config("\"models\": []");
        Layouts layouts = new Layouts(config);
        TargetPaths places = new TargetPaths(folder);
        ResolvedModel one = url("http://h/vad.onnx?v=1");
        ResolvedModel two = url("http://h/vad.onnx?v=2");
        places.require(one, layouts.of(one));
        places.require(one, layouts.of(one)); // it may come again

        assertThatThrownBy(() -> places.require(two, layouts.of(two)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("url:http://h/vad.onnx?v=2 and url:http://h/vad.onnx?v=1 would both be stored in")
                .hasMessageEndingWith("give one of them another file name with \"to\"");
    }
}
