package io.github.modelcache.it.maven;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a scenario once for each pair of Maven and JDK, each time in a workspace of its own. */
final class MavenBuildExtension implements TestTemplateInvocationContextProvider {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(MavenBuildExtension.class);

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(MavenBuildTest.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        MavenBuildTest.On on = context.getRequiredTestMethod()
                .getAnnotation(MavenBuildTest.class)
                .on();
        List<MavenRuntime> runtimes = switch (on) {
            case EVERY_PAIR -> MavenRuntime.all();
            case EACH_MAVEN -> MavenRuntime.eachMaven();
            case THE_USUAL_PAIR -> MavenRuntime.usual();
        };
        return runtimes.stream().map(Invocation::new);
    }

    private record Invocation(MavenRuntime runtime) implements TestTemplateInvocationContext {

        @Override
        public String getDisplayName(int invocationIndex) {
            return runtime.toString();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new Parameters(runtime));
        }
    }

    private record Parameters(MavenRuntime runtime) implements ParameterResolver, AfterTestExecutionCallback {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == MavenBuild.class || type == Workspace.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            Workspace workspace = context.getStore(NAMESPACE)
                    .getOrComputeIfAbsent(Workspace.class, type -> Workspace.create(), Workspace.class);
            if (parameter.getParameter().getType() == Workspace.class) {
                return workspace;
            }
            context.getRoot()
                    .getStore(NAMESPACE)
                    .getOrComputeIfAbsent(
                            LocalRepositories.class, type -> new LocalRepositories(), LocalRepositories.class)
                    .warmUp(runtime);
            return MavenBuild.of(runtime, workspace);
        }

        @Override
        public void afterTestExecution(ExtensionContext context) throws IOException {
            Workspace workspace = context.getStore(NAMESPACE).get(Workspace.class, Workspace.class);
            if (workspace != null && context.getExecutionException().isEmpty()) {
                workspace.delete();
            }
        }
    }
}
