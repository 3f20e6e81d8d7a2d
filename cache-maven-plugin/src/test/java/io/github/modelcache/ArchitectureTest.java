package io.github.modelcache;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import org.jspecify.annotations.NullMarked;

/** The floors of docs/dev/architecture.md, as a rule. */
@AnalyzeClasses(packages = "io.github.modelcache", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] FEATURES = {
        "..ci",
        "..clean",
        "..copy",
        "..download",
        "..environment",
        "..generate",
        "..migrate",
        "..registry",
        "..setup",
        "..status",
        "..verify"
    };

    @ArchTest
    static final ArchRule everyFloorSeesOnlyThoseBelow = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("http")
            .definedBy("..http")
            .layer("ground")
            .definedBy("..units", "..json", "..io")
            .layer("plan")
            .definedBy("..plan")
            .layer("model")
            .definedBy("..model", "..hardware")
            .layer("config")
            .definedBy("..config")
            .layer("layout")
            .definedBy("..layout")
            .layer("source")
            .definedBy("..source")
            .layer("inventory")
            .definedBy("..inventory")
            .layer("features")
            .definedBy(FEATURES)
            .layer("mojo")
            .definedBy("..mojo")
            .whereLayer("mojo")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("features")
            .mayOnlyBeAccessedByLayers("mojo")
            .whereLayer("inventory")
            .mayOnlyBeAccessedByLayers("features", "mojo")
            .whereLayer("source")
            .mayOnlyBeAccessedByLayers("features", "mojo")
            .whereLayer("layout")
            .mayOnlyBeAccessedByLayers("inventory", "features", "mojo")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("layout", "inventory", "features", "mojo")
            .whereLayer("model")
            .mayOnlyBeAccessedByLayers("config", "layout", "source", "inventory", "features", "mojo")
            .whereLayer("plan")
            .mayOnlyBeAccessedByLayers("features", "mojo")
            .whereLayer("http")
            .mayOnlyBeAccessedByLayers("ground", "mojo")
            .whereLayer("ground")
            .mayOnlyBeAccessedByLayers("plan", "model", "config", "layout", "source", "inventory", "features", "mojo");

    @ArchTest
    static final ArchRule noTwoPackagesKnowEachOther =
            slices().matching("io.github.modelcache.(*)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noFeatureKnowsAnother = slices().matching("io.github.modelcache.(*)")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideOutsideOfPackages(FEATURES))
            .ignoreDependency(resideInAPackage("..mojo"), alwaysTrue());

    /** Anything else would wait for a pipe in the place of a file, or read a huge one into memory. */
    @ArchTest
    static final ArchRule onlyRegularFileOpensFilesForReading = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.github.modelcache.io.RegularFile")
            .should()
            .callMethodWhere(target(owner(type(Files.class)))
                    .and(target(
                            nameMatching("read(String|AllBytes|AllLines)|lines|newInputStream|newBufferedReader"))));

    @ArchTest
    static final ArchRule onlyGoalsKnowMaven = noClasses()
            .that()
            .resideOutsideOfPackage("..mojo")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.maven..", "org.eclipse.aether..");

    @ArchTest
    static final ArchRule onlyHttpKnowsTheHttpLibrary = noClasses()
            .that()
            .resideOutsideOfPackage("..http")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.hc..");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked =
            classes().that().haveSimpleName("package-info").should().beAnnotatedWith(NullMarked.class);
}
