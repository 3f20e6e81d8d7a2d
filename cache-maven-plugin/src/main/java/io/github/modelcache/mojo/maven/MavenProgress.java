package io.github.modelcache.mojo.maven;

import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.plan.Messages;
import java.net.URI;
import java.util.Optional;
import org.apache.maven.execution.MavenSession;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.transfer.TransferCancelledException;
import org.eclipse.aether.transfer.TransferEvent;
import org.eclipse.aether.transfer.TransferListener;
import org.eclipse.aether.transfer.TransferResource;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of one file through Maven's transfer listener, which respects -q, -B and -ntp; in batch mode with an
 * occasional line.
 */
public final class MavenProgress implements TransferProgress {

    private final RepositorySystemSession session;
    private final TransferEvent.RequestType request;
    private final @Nullable TransferListener listener;
    private final Optional<TransferNews> news;
    private @Nullable TransferResource resource;
    private long transferred;

    public MavenProgress(MavenSession maven, Messages messages) {
        this(maven, messages, TransferEvent.RequestType.GET);
    }

    private MavenProgress(MavenSession maven, Messages messages, TransferEvent.RequestType request) {
        this.request = request;
        this.news = maven.getRequest().isInteractiveMode()
                ? Optional.empty()
                : Optional.of(SessionValues.get(
                        maven, TransferNews.class, () -> new TransferNews(messages::info, System::nanoTime)));
        session = maven.getRepositorySession();
        listener = session.getTransferListener();
    }

    /** The progress of an upload. */
    public static MavenProgress ofUpload(MavenSession maven, Messages messages) {
        return new MavenProgress(maven, messages, TransferEvent.RequestType.PUT);
    }

    @Override
    public void started(URI uri, long resumedFrom, long total) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        String file = path.substring(path.lastIndexOf('/') + 1);
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort(); // no user name
        String folder = uri.getScheme() + "://" + (uri.getHost() == null ? "" : uri.getHost() + port)
                + path.substring(0, path.length() - file.length());
        TransferResource started = new TransferResource(String.valueOf(uri.getHost()), folder, file, null, null);
        started.setContentLength(total);
        started.setResumeOffset(resumedFrom);
        resource = started;
        transferred = resumedFrom;
        fire(TransferEvent.EventType.INITIATED, null);
        fire(TransferEvent.EventType.STARTED, null);
    }

    @Override
    public void progressed(long bytes) {
        transferred += bytes;
        fire(TransferEvent.EventType.PROGRESSED, null);
        TransferResource known = resource;
        if (news.isPresent() && known != null) {
            String doing = request == TransferEvent.RequestType.PUT ? "Sending" : "Fetching";
            news.get().progressed(doing, known.getResourceName(), transferred, known.getContentLength());
        }
    }

    @Override
    public void succeeded() {
        fire(TransferEvent.EventType.SUCCEEDED, null);
    }

    @Override
    public void failed(Exception problem) {
        fire(TransferEvent.EventType.FAILED, problem);
    }

    private void fire(TransferEvent.EventType type, @Nullable Exception problem) {
        if (listener == null || resource == null) {
            return;
        }
        TransferEvent event = new TransferEvent.Builder(session, resource)
                .setType(type)
                .setRequestType(request)
                .setTransferredBytes(transferred)
                .setException(problem)
                .build();
        try {
            send(listener, type, event);
        } catch (TransferCancelledException e) {
            throw new IllegalStateException("the transfer was cancelled", e);
        }
    }

    private static void send(TransferListener to, TransferEvent.EventType type, TransferEvent event)
            throws TransferCancelledException {
        switch (type) {
            case INITIATED -> to.transferInitiated(event);
            case STARTED -> to.transferStarted(event);
            case PROGRESSED -> to.transferProgressed(event);
            case SUCCEEDED -> to.transferSucceeded(event);
            case FAILED -> to.transferFailed(event);
            default -> throw new IllegalArgumentException("never sent: " + type);
        }
    }
}
