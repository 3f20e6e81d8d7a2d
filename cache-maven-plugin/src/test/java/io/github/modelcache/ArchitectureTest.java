package io.github.modelcache;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
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
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.Source;
import io.github.modelcache.http.HttpTransfer;
import java.nio.file.Files;
import org.jspecify.annotations.NullMarked;

/** Enforces the layers of docs/dev/architecture.md. */
@AnalyzeClasses(packages = "io.github.modelcache", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] FEATURES = {
        "..ci..",
        "..clean..",
        "..modelcache.copy..",
        "..discover..",
        "..download..",
        "..environment..",
        "..generate..",
        "..migrate..",
        "..outdated..",
        "..python..",
        "..registry..",
        "..modelcache.report..",
        "..sbom..",
        "..serve..",
        "..setup..",
        "..status..",
        "..verify.."
    };

    private static final String[] FAMILIES = {"..modelcache.family.*"};

    @ArchTest
    static final ArchRule everyFloorSeesOnlyThoseBelow = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("transport")
            .definedBy("..http.transport")
            .layer("ground")
            .definedBy(
                    "..units",
                    "..progress",
                    "..json",
                    "..concurrent",
                    "..digest",
                    "..files..",
                    "..archive",
                    "..git",
                    "..process",
                    "..http")
            .layer("policy")
            .definedBy("..policy")
            .layer("scanner")
            .definedBy("..modelcache.scan")
            .layer("signature")
            .definedBy("..signature")
            .layer("plan")
            .definedBy("..plan")
            .layer("finding")
            .definedBy("..finding")
            .layer("model")
            .definedBy("..model", "..hardware")
            .layer("config")
            .definedBy("..config")
            .layer("scan")
            .definedBy("..inventory.scan", "..inventory.fingerprint")
            .layer("family")
            .definedBy("..modelcache.family")
            .layer("each family")
            .definedBy(FAMILIES)
            .layer("catalog")
            .definedBy("..catalog")
            .layer("usage")
            .definedBy("..inventory.usage")
            .layer("oci")
            .definedBy("..oci")
            .layer("features")
            .definedBy(FEATURES)
            .layer("mojo")
            .definedBy("..mojo..")
            .whereLayer("mojo")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("features")
            .mayOnlyBeAccessedByLayers("mojo")
            .whereLayer("oci")
            .mayOnlyBeAccessedByLayers("features", "mojo")
            .whereLayer("usage")
            .mayOnlyBeAccessedByLayers("features", "mojo")
            .whereLayer("catalog")
            .mayOnlyBeAccessedByLayers("usage", "features", "mojo")
            .whereLayer("each family")
            .mayOnlyBeAccessedByLayers("catalog", "usage", "features", "mojo")
            .whereLayer("family")
            .mayOnlyBeAccessedByLayers("each family", "catalog", "usage", "oci", "features", "mojo")
            .whereLayer("scan")
            .mayOnlyBeAccessedByLayers("family", "each family", "catalog", "usage", "features", "mojo")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers(
                    "policy", "scan", "family", "each family", "catalog", "usage", "oci", "features", "mojo")
            .whereLayer("policy")
            .mayOnlyBeAccessedByLayers("features", "mojo")
            .whereLayer("scanner")
            .mayOnlyBeAccessedByLayers("policy", "features", "mojo")
            .whereLayer("signature")
            .mayOnlyBeAccessedByLayers("policy")
            .whereLayer("transport")
            .mayOnlyBeAccessedByLayers("ground", "mojo");

    @ArchTest
    static final ArchRule noTwoPackagesKnowEachOther =
            slices().matching("io.github.modelcache.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule noFamilyKnowsAnother =
            slices().matching("io.github.modelcache.family.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule noFeatureKnowsAnother = slices().matching("io.github.modelcache.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), resideOutsideOfPackages(FEATURES))
            .ignoreDependency(resideInAPackage("..mojo.."), alwaysTrue());

    /** Others ask the methods of {@link Layout}; they never ask which family a model belongs to. */
    @ArchTest
    static final ArchRule onlyFamiliesKnowConcreteLayouts = noClasses()
            .that()
            .resideOutsideOfPackages("..modelcache.family..", "..catalog")
            .should()
            .dependOnClassesThat(assignableTo(Layout.class).and(not(INTERFACES)));

    @ArchTest
    static final ArchRule layoutsNeverReachTheNetwork = noClasses()
            .that()
            .areAssignableTo(Layout.class)
            .should()
            .transitivelyDependOnClassesThat(type(HttpTransfer.class));

    @ArchTest
    static final ArchRule lookingAtTheCacheSendsNoRequest = noClasses()
            .that()
            .resideInAnyPackage("..inventory..", "..verify..", "..clean..", "..migrate..", "..status..")
            .should()
            .dependOnClassesThat(resideInAPackage("..modelcache.http..").or(assignableTo(Source.class)));

    /** Anything else would wait for a pipe in the place of a file, or read a huge one into memory. */
    @ArchTest
    static final ArchRule onlyRegularFileOpensFilesForReading = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.github.modelcache.files.RegularFile")
            .should()
            .callMethodWhere(target(owner(type(Files.class)))
                    .and(target(
                            nameMatching("read(String|AllBytes|AllLines)|lines|newInputStream|newBufferedReader"))));

    @ArchTest
    static final ArchRule onlyGoalsKnowMaven = noClasses()
            .that()
            .resideOutsideOfPackage("..mojo..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.maven..", "org.eclipse.aether..");

    @ArchTest
    static final ArchRule onlyHttpKnowsTheHttpLibrary = noClasses()
            .that()
            .resideOutsideOfPackage("..http.transport")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.hc..");

    @ArchTest
    static final ArchRule everyPackageIsNullMarked =
            classes().that().haveSimpleName("package-info").should().beAnnotatedWith(NullMarked.class);
}
