package io.github.modelcache.it.client;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands out Python environments, each made once in a run, and the table that all rows go to. */
final class ClientExtension implements ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(ClientExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == PythonClient.class || type == ClientTable.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext.Store store = context.getRoot().getStore(NAMESPACE);
        if (parameter.getParameter().getType() == ClientTable.class) {
            return store.getOrComputeIfAbsent(ClientTable.class, type -> new ClientTable(), ClientTable.class);
        }
        Client named = parameter
                .findAnnotation(Client.class)
                .orElseGet(() -> context.getRequiredTestClass().getAnnotation(Client.class));
        return client(store, named.value());
    }

    private static PythonClient client(ExtensionContext.Store store, String name) {
        return store.getOrComputeIfAbsent(
                name,
                wanted -> PythonClient.make(wanted, PythonClient.base(wanted).map(base -> client(store, base))),
                PythonClient.class);
    }
}
