package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A speech application of five environments whose models lie in the folder of the project, a legacy folder and the home
 * folder, as somebody finds it who has never used the plugin: three commands to a build without a network.
 */
class NewcomerIT {

    private static final String HUB = ".cache/huggingface/hub/";

    /** The models that the program loads by default, and where its libraries left them. */
    private static final Map<String, String> LOADED = Map.of(
            "Systran/faster-whisper-base", "home/" + HUB,
            "pyannote/speaker-diarization-3.1", "project/shared/model-cache/huggingface/hub/",
            "ai4bharat/indictrans2-indic-en-1B", "project/" + HUB,
            "facebook/nllb-200-distilled-600M", "home/" + HUB,
            "mlx-community/whisper-large-v3-mlx", "project/.cache/huggingface/");

    private static final List<String> TO_CHOOSE = List.of(
            "spacy:de_core_news_sm",
            "spacy:en_core_web_sm",
            "torchhub:snakers4/silero-models",
            "torchhub:snakers4/silero-vad",
            "whisper:base",
            "whisper:large-v3");

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void threeCommandsLeadToABuildWithoutANetwork(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = StandInHub.start()) {
            libraries(maven, workspace, hub);
            sources(workspace);

            maven.cache("discover").offline().run().succeeded().says("app.py").neverSays("gpt-4o", "secret");
            assertThat(found(workspace)).containsExactlyInAnyOrderElementsOf(expected());

            maven.cache("discover")
                    .property("cache.discover.write", "true")
                    .offline()
                    .run()
                    .succeeded();
            assertThat(workspace.read(Config.FILE))
                    .contains("\"venv/whisperx\"")
                    .contains(LOADED.keySet().stream().map(id -> "\"hf:" + id).toList())
                    .doesNotContain("torchhub:", "whisper:base");

            hub.forget();
            maven.cache("migrate").offline().run().succeeded();
            maven.cache("lock")
                    .property("cache.endpoint", hub.endpoint().toString())
                    .run()
                    .succeeded();
            long sent = hub.bytesSent();

            maven.cache("verify").offline().run().succeeded();
            assertThat(hub.bytesSent())
                    .as("no weights were fetched")
                    .isEqualTo(sent)
                    .isLessThan(100_000);
        }
    }

    private static List<String> expected() {
        List<String> all = new ArrayList<>(TO_CHOOSE);
        LOADED.keySet().forEach(id -> all.add("hf:" + id));
        return all;
    }

    private static Set<String> found(Workspace workspace) {
        Set<String> found = new TreeSet<>();
        Report.read(workspace.file("target/cache/discover.json"))
                .root()
                .path("models")
                .forEach(model -> found.add(model.path("declare").asString()));
        return found;
    }

    /** What the libraries fetched in former years. */
    private static void libraries(MavenBuild maven, Workspace workspace, StandInHub hub) throws IOException {
        Path former = workspace.root().resolve("former");
        Config config = Config.empty();
        for (String id : LOADED.keySet()) {
            Path origin = workspace.root().resolve("origin/" + id);
            workspace
                    .write(origin.resolve("config.json"), "{\"name\": \"" + id + "\"}")
                    .write(origin.resolve("model.safetensors"), id.repeat(20_000));
            hub.add(id, origin);
            config = config.model("hf:" + id);
        }
        workspace.write(former.resolve(Config.FILE), config.toString());
        maven.in(former)
                .cache("init", "download")
                .property("cache.endpoint", hub.endpoint().toString())
                .run()
                .succeeded();
        for (Map.Entry<String, String> one : LOADED.entrySet()) {
            String folder = "models--" + one.getKey().replace("/", "--");
            String place = one.getValue();
            Path there = place.startsWith("home/")
                    ? workspace.home().resolve(place.substring("home/".length()))
                    : workspace.file(place.substring("project/".length()));
            Files.createDirectories(there);
            Files.move(former.resolve(HUB + folder), there.resolve(folder));
        }
    }

    private static void sources(Workspace workspace) {
        workspace
                .write("pom.xml", Pom.usual().toString())
                .write(Config.FILE, """
                    {
                      "version": "1.0.0",
                      "environments": {
                        "whisperx": { "path": "venv/whisperx", "purpose": "Transcription" },
                        "nllb": { "path": "venv/nllb", "purpose": "Translation" }
                      }
                    }
                    """)
                .write("config/.env.pipeline", "TMDB_CACHE=out/tmdb_cache\nHF_TOKEN=secret\n")
                .write("requirements-whisperx.txt", "faster-whisper==1.0.3\npyannote.audio==3.1.1\n")
                .write("bootstrap.sh", "#!/bin/bash\nset -e\npython -m venv venv/whisperx\n")
                .write("shared/settings.py", "NLLB_MODEL = 'facebook/nllb-200-distilled-600M'\n")
                .write("shared/model_downloader.py", """
                    import argparse, spacy, torch, whisper
                    VOICES = {"fast": "snakers4/silero-vad", "other": "snakers4/silero-models"}
                    LANGUAGES = {"en": "en_core_web_sm", "de": "de_core_news_sm"}
                    def load(size, voice, language):
                        whisper.load_model(size)
                        torch.hub.load(VOICES[voice], "model")
                        spacy.load(LANGUAGES[language])
                    parser = argparse.ArgumentParser()
                    parser.add_argument("--size", choices=["base", "large-v3"])
                    """)
                .write("scripts/app.py", """
                    import os
                    from functools import partial
                    import mlx_whisper
                    from faster_whisper import WhisperModel
                    from langchain_openai import ChatOpenAI
                    from pyannote.audio import Pipeline
                    from transformers import AutoModelForSeq2SeqLM
                    from shared.settings import NLLB_MODEL
                    SIZES = {"default": "base"}
                    INDIC = "{}/indictrans2-{}-1B".format("ai4bharat", "indic-en")
                    def stages(audio):
                        WhisperModel(SIZES["default"], device="cpu")
                        mlx_whisper.transcribe(audio, path_or_hf_repo="mlx-community/whisper-large-v3-mlx")
                        Pipeline.from_pretrained("pyannote/speaker-diarization-3.1", use_auth_token=os.getenv("HF_TOKEN"))
                        AutoModelForSeq2SeqLM.from_pretrained(INDIC)
                        partial(AutoModelForSeq2SeqLM.from_pretrained, NLLB_MODEL)
                        ChatOpenAI(model="gpt-4o", api_key="secret")
                    """);
    }
}
