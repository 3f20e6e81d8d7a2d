package io.github.modelcache.oci;

import io.github.modelcache.http.BufferedResponse;
import io.github.modelcache.http.Credentials;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lets one registry see who asks, and nobody else: not the storage that it redirects to. Nothing is sent before the
 * registry asks for it. What it asks for is Basic, or a token for each repository from a server that it names.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">Token authentication</a>
 */
final class RegistryLogin implements Credentials {

    private static final int LONGEST_ANSWER = 256 * 1024;
    private static final Pattern BEARER = Pattern.compile("(?i)(?:^|,)\\s*bearer\\s");
    private static final Pattern BASIC = Pattern.compile("(?i)(?:^|,)\\s*basic(?:\\s|$)");
    private static final Pattern PARAMETER = Pattern.compile("([A-Za-z_]+)=\"([^\"]*)\"");
    private static final Pattern REPOSITORY = Pattern.compile("/v2/(.+)/(?:blobs/uploads|blobs|manifests|tags)/[^/]*");

    private final URI registry;
    private final RegistryCredentials.Finder logins;
    private final HttpOptions options;
    private final Map<String, String> tokens = new HashMap<>();
    /** The other repositories that the token of one may read. */
    private final Map<String, Set<String>> readable = new HashMap<>();

    private Optional<String> forAll = Optional.empty();
    /** The refusal of a token server: it is not asked again, because every further try could lock the account. */
    private Optional<TransferException> refused = Optional.empty();

    /**
     * The login of a registry.
     *
     * @param logins asked when the registry wants to know
     * @param options how token servers are asked
     */
    RegistryLogin(URI registry, RegistryCredentials.Finder logins, HttpOptions options) {
        this.registry = registry;
        this.logins = logins;
        this.options = options;
    }

    /**
     * What is wanted.
     *
     * @param push whether to write too
     * @param from another repository to read
     */
    record Scope(String repository, boolean push, Optional<String> from) {

        String query(Set<String> others) {
            String own = "&scope=" + encoded("repository:" + repository + (push ? ":pull,push" : ":pull"));
            return own
                    + others.stream()
                            .map(other -> "&scope=" + encoded("repository:" + other + ":pull"))
                            .collect(Collectors.joining());
        }
    }

    @Override
    public synchronized Optional<String> authorization(URI uri) {
        if (!same(uri, registry)) {
            return Optional.empty();
        }
        String path = String.valueOf(uri.getRawPath());
        Matcher usual = REPOSITORY.matcher(path);
        if (usual.matches()) {
            return Optional.ofNullable(tokens.get(usual.group(1))).or(() -> forAll);
        }
        // Uploads may have addresses of any kind.
        return tokens.entrySet().stream()
                .filter(token -> path.contains(token.getKey()))
                .max(Comparator.comparingInt(token -> token.getKey().length()))
                .map(Map.Entry::getValue)
                .or(() -> forAll);
    }

    /** Gives up a token that may not read the repository to mount from: the registry would not say so, only not mount. */
    synchronized void widen(Scope scope) {
        boolean narrow = scope.from().isPresent()
                && readable.computeIfAbsent(scope.repository(), name -> new TreeSet<>())
                        .add(scope.from().get());
        if (narrow) {
            tokens.remove(scope.repository());
        }
    }

    private static boolean same(URI one, URI other) {
        return String.valueOf(one.getScheme()).equals(other.getScheme())
                && String.valueOf(one.getRawAuthority()).equals(other.getRawAuthority());
    }

    /**
     * Gets what the registry wants to see.
     *
     * @param used what it was shown
     * @param refused the registry's own refusal; that of another host, such as its storage, changes nothing
     * @return whether there is something else to show now
     * @throws TransferException when the token server gives none
     */
    synchronized boolean renew(Scope scope, Optional<String> used, TransferException refused) throws IOException {
        if (!isOwn(refused)) {
            return false; // whoever it is must not say where the login goes
        }
        Optional<String> now =
                Optional.ofNullable(tokens.get(scope.repository())).or(() -> forAll);
        if (!now.equals(used)) {
            return true; // another thread was faster
        }
        String challenge = refused.headers().getOrDefault("WWW-Authenticate", "");
        Matcher bearer = BEARER.matcher(challenge);
        if (bearer.find()) {
            Map<String, String> parameters = parameters(challenge.substring(bearer.end()));
            Optional<String> token = Optional.of("Bearer " + token(scope, parameters));
            tokens.put(scope.repository(), token.get());
            return !token.equals(used);
        }
        Optional<String> basic =
                BASIC.matcher(challenge).find() ? login().flatMap(RegistryCredentials::header) : Optional.empty();
        boolean other = basic.isPresent() && !basic.equals(used);
        forAll = basic.or(() -> forAll);
        return other;
    }

    private Optional<RegistryCredentials> login() throws TransferException {
        return logins.find();
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(text);
        while (matcher.find()) {
            parameters.putIfAbsent(matcher.group(1), matcher.group(2));
        }
        return parameters;
    }

    private String token(Scope scope, Map<String, String> parameters) throws IOException {
        Optional<RegistryCredentials> login = login();
        URI realm = realm(parameters.getOrDefault("realm", ""));
        String service = parameters.getOrDefault("service", "");
        if (login.isPresent() && login.get().isRegistryToken()) {
            return login.get().secret();
        }
        String asked = "service=" + encoded(service) + scope.query(readable.getOrDefault(scope.repository(), Set.of()));
        HttpOptions own = options.withCredentials(
                uri -> same(uri, realm) ? login.flatMap(RegistryCredentials::header) : Optional.empty());
        try (HttpTransfer transfer = new HttpTransfer(own)) {
            return token(realm, answer(transfer, login, realm, asked));
        }
    }

    private String answer(HttpTransfer transfer, Optional<RegistryCredentials> login, URI realm, String asked)
            throws IOException {
        if (refused.isPresent()) {
            throw refused.get().saying(String.valueOf(refused.get().getMessage()));
        }
        try {
            return asked(transfer, login, realm, asked).text();
        } catch (TransferException e) {
            String registryHost = registry.getRawAuthority();
            String host = realm.getRawAuthority();
            TransferException failure = hinted(
                    host.equals(registryHost)
                            ? "The registry " + host
                            : host + ", which gives the tokens of the registry " + registryHost + ",",
                    e);
            if (login.isPresent() && e.kind() == Kind.UNAUTHORIZED) {
                refused = Optional.of(failure);
            }
            throw failure;
        }
    }

    private static BufferedResponse asked(
            HttpTransfer transfer, Optional<RegistryCredentials> login, URI realm, String asked) throws IOException {
        if (login.isPresent() && login.get().isIdentityToken()) {
            String form = "grant_type=refresh_token&client_id=cache-maven-plugin&refresh_token="
                    + encoded(login.get().secret()) + "&" + asked;
            return transfer.sendSecret(
                    realm,
                    Map.of("Content-Type", "application/x-www-form-urlencoded"),
                    form.getBytes(StandardCharsets.UTF_8));
        }
        String query = realm.getRawQuery() == null ? "?" : "&";
        return transfer.get(URI.create(realm + query + asked), Map.of(), LONGEST_ANSWER);
    }

    private static String token(URI realm, String text) throws TransferException {
        try {
            if (JsonDocument.parse("token", text).root() instanceof JsonObject object) {
                for (String name : new String[] {"token", "access_token"}) {
                    if (object.get(name) instanceof JsonString token
                            && !token.value().isBlank()) {
                        return token.value();
                    }
                }
            }
        } catch (JsonException e) {
            // Not with what was found: it may hold a token.
            throw new TransferException(Kind.SERVER_ERROR, realm.getHost() + " gives no token: no JSON");
        }
        throw new TransferException(Kind.SERVER_ERROR, realm.getHost() + " gives no token");
    }

    /** Where tokens are had. A password is not sent in the clear because a registry says so. */
    private URI realm(String text) throws TransferException {
        try {
            URI realm = URI.create(text);
            boolean web = "https".equals(realm.getScheme())
                    || ("http".equals(realm.getScheme()) && "http".equals(registry.getScheme()));
            if (web && realm.getHost() != null && realm.getRawUserInfo() == null && realm.getRawFragment() == null) {
                return realm;
            }
        } catch (IllegalArgumentException e) {
            throw wrongRealm();
        }
        throw wrongRealm();
    }

    private TransferException wrongRealm() {
        return new TransferException(
                Kind.SERVER_ERROR,
                registry.getRawAuthority()
                        + " names no server that gives tokens over a connection as secure as its own;"
                        + " ask the registry's owner");
    }

    private boolean isOwn(TransferException refused) {
        return refused.answered().map(uri -> same(uri, registry)).orElse(false);
    }

    /** The same failure with what to do about it, if it is the registry that wants another login. */
    TransferException explained(TransferException problem) {
        return isOwn(problem) ? hinted("The registry " + registry.getRawAuthority(), problem) : problem;
    }

    private TransferException hinted(String who, TransferException problem) {
        boolean denied = problem.kind() == Kind.UNAUTHORIZED || problem.kind() == Kind.FORBIDDEN;
        if (!denied || problem.status().orElse(0) == 407) {
            return problem;
        }
        String host = registry.getRawAuthority();
        String hint = problem.kind() == Kind.UNAUTHORIZED
                ? ": put user name and password into a <server> of settings.xml with the id " + host
                        + ", or run docker login " + host
                : ": the account may not do this there; ask the registry's owner";
        return problem.saying(who + " answered " + problem.status().orElse(0) + hint);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
