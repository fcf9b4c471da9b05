package dev.outbound.client;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.List;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

@AnalyzeClasses(packages = "dev.outbound.client", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    private static final String CLIENT = "dev.outbound.client";

    private static final String HTTP = CLIENT + ".http..";

    private static final String TRANSPORT = CLIENT + ".transport";

    private static final List<String> POLICIES = List.of(CLIENT + ".auth..", CLIENT + ".retry..", CLIENT + ".cookie..",
            CLIENT + ".guard..");

    private static final DescribedPredicate<JavaClass> DECIDING = resideInAnyPackage(POLICIES.toArray(String[]::new))
        .or(nameMatching("dev\\.outbound\\.client\\.(Exchange|Step|Reconnection|Race)(\\$.*)?").forSubtype())
        .as("decide (the exchange, its steps, reconnecting, races, the policies)");

    private static final DescribedPredicate<HasName> CLOCK_READING = nameMatching("nanoTime|currentTimeMillis|now");

    @ArchTest
    static final ArchRule httpKnowsNoOtherPackage = knowsOnly(HTTP);

    @ArchTest
    static void policiesKnowOnlyHttp(JavaClasses classes) {
        POLICIES.forEach((policy) -> knowsOnly(policy, HTTP).check(classes));
    }

    @ArchTest
    static final ArchRule transportsKnowOnlyHttp = knowsOnly(TRANSPORT + "..", HTTP);

    @ArchTest
    static final ArchRule transportSeamKnowsNoEngine = knowsOnly(TRANSPORT, HTTP);

    @ArchTest
    static final ArchRule enginesKnowNotEachOther = slices().matching(TRANSPORT + ".(*)..")
        .should()
        .notDependOnEachOther()
        .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("dev.outbound.(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesAreNamedForWhatTheyHold = noClasses().should()
        .resideInAnyPackage("..internal..", "..impl..", "..util..")
        .allowEmptyShould(true);

    @ArchTest
    static final ArchRule decidingDoesNoWork = noClasses().that(DECIDING)
        .should()
        .dependOnClassesThat(resideInAnyPackage("reactor..", "org.reactivestreams..")
            .or(assignableTo(InputStream.class).or(assignableTo(OutputStream.class)))
            .or(assignableTo(Thread.class))
            .as("are Reactor's, streams or threads"))
        .allowEmptyShould(true);

    /** Resilience4j asks a clock: this one shows the time that the exchange was told. */
    private static final DescribedPredicate<HasName> GIVEN_TIME = nameMatching(
            "dev\\.outbound\\.client\\.guard\\.GivenTime");

    @ArchTest
    static final ArchRule decidingReadsNoClock = noClasses().that(DECIDING.and(not(GIVEN_TIME.forSubtype())))
        .should()
        .dependOnClassesThat(assignableTo(Clock.class).and(not(GIVEN_TIME.forSubtype())).as("are clocks"))
        .orShould()
        .accessTargetWhere(
                targetOwner(resideInAPackage("java.time..").or(assignableTo(System.class))).and(target(CLOCK_READING))
                    .as("it tells the time"))
        .allowEmptyShould(true);

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        assertThat(classes.stream().map(JavaClass::getPackage).distinct())
            .filteredOn((contents) -> !contents.isAnnotatedWith(NullMarked.class))
            .extracting(JavaPackage::getName)
            .as("packages whose package-info.java lacks @NullMarked")
            .isEmpty();
    }

    private static ArchRule knowsOnly(String itself, String... others) {
        DescribedPredicate<JavaClass> allowed = resideInAPackage(itself).or(resideInAnyPackage(others));
        return noClasses().that()
            .resideInAPackage(itself)
            .should()
            .dependOnClassesThat(resideInAPackage("dev.outbound..").and(not(allowed))
                .as("are ours, outside %s", List.of(itself, List.of(others))))
            .allowEmptyShould(true);
    }

}
