package rocks.urvote;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.transaction.annotation.Transactional;

class ModulesTests {

    static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("rocks.urvote");

    @Test
    void modulesUseOnlyWhatTheyDeclare() {
        ApplicationModules.of(UrVote.class).verify();
    }

    @Test
    void modulesPublishInterfacesRecordsAndEnumsButNoClasses() {
        classes()
                .that()
                .areTopLevelClasses()
                .and()
                .areNotInterfaces()
                .and()
                .areNotRecords()
                .and()
                .areNotEnums()
                .and()
                .haveSimpleNameNotEndingWith("Generated")
                .should()
                .notBePublic()
                .check(CODE);
    }

    @Test
    void layersAreNoPackages() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..impl..", "..service..", "..controller..", "..repository..", "..dto..", "..util..")
                .check(CODE);
    }

    @Test
    void transactionsAreOpenedInOnePlace() {
        noClasses()
                .should()
                .beAnnotatedWith(Transactional.class)
                .andShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.springframework.transaction.support.TransactionTemplate")
                .check(CODE.that(com.tngtech.archunit.base.DescribedPredicate.not(
                        com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName("SqlTransactions"))));
    }

    /// A stream of rows keeps its connection until it is closed, which nobody does.
    @Test
    void rowsAreReadAsListsNotAsStreams() {
        noClasses()
                .should()
                .callMethod(JdbcClient.MappedQuerySpec.class, "stream")
                .check(CODE);
    }

    /// The common pool has one thread on two processors, and whoever waits in it keeps all others waiting.
    @Test
    void nothingWaitsInTheCommonPool() {
        noClasses()
                .should()
                .callMethod(CompletableFuture.class, "supplyAsync", Supplier.class)
                .orShould()
                .callMethod(CompletableFuture.class, "runAsync", Runnable.class)
                .check(new ClassFileImporter().importPackages("rocks.urvote"));
    }

    /// The schemas of the three services never meet in one statement.
    @Test
    void noServiceNamesTheTablesOfAnother() throws IOException {
        var foreign = Map.of(
                "identity", Pattern.compile("\\b(from|join|into|update|table)\\s+(contest|media)\\."),
                "media", Pattern.compile("\\b(from|join|into|update|table|references)\\s+(contest|identity)\\."),
                "contest", Pattern.compile("\\b(from|join|into|update|table|references)\\s+(identity|media)\\."));
        for (var service : List.of("identity", "media", "contest")) {
            try (var files = Files.walk(Path.of("src/main/resources/db/migration", service))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readString(file)).as(file.toString()).doesNotContainPattern(foreign.get(service));
                }
            }
        }
    }
}
