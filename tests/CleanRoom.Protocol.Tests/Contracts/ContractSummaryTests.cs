using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Contracts;

public class ContractSummaryTests
{
    [Fact]
    public void InWords_insecure_contract_begins_with_the_warning()
    {
        var first = ContractSummary.InWords(ExampleContracts.Nafld())[0];

        first.Title.Should().Be("WARNING: THIS CONTRACT IS INSECURE");
        first.Lines.Should().ContainSingle().Which.Should().Contain("Never bring real data under it.");
    }

    [Fact]
    public void InWords_secure_contract_has_no_warning() =>
        Lines(ExampleContracts.Strict()).Should().NotContain(line => line.Contains("INSECURE", StringComparison.Ordinal));

    [Theory]
    [InlineData("registry brings registry.people with the columns id, age, male, weight, height, bmi, case_id, futime and status.")]
    [InlineData("It protects the people in the column id: every released row stands for at least 50 of them. Answers are compared with each other: what would single out fewer is withheld.")]
    [InlineData("Answers may be split by age, male and status.")]
    [InlineData("Averages may leave of age, bmi, futime, height and weight.")]
    [InlineData("No query may touch case_id.")]
    [InlineData("Rounded half-even when they are taken in, to so many digits after the point: bmi (4) and weight (1).")]
    [InlineData("At most 1000 queries over its life, 50 a day.")]
    [InlineData("hospital may ask about registry.people and laboratory.tests.")]
    [InlineData("laboratory may not ask about anybody else's data.")]
    [InlineData("laboratory receives no answer made from anybody else's data.")]
    [InlineData("laboratory approves each query that reads laboratory.tests.")]
    [InlineData("registry approves each free query that reads registry.people; the agreed templates need no approval.")]
    [InlineData("By signing, hospital approves in advance 20 runs of the template events-by-sex asked by registry.")]
    [InlineData("Answers of at most 1000 rows, as arrow, csv and parquet, sealed to the receivers' own keys.")]
    [InlineData("Answers leave only every 1 seconds, so that the time tells little about the data.")]
    [InlineData("Nobody can restore the keys. After a total loss every owner grants access to its data again.")]
    [InlineData("Other code, also a newer version, takes a new contract version signed by all.")]
    public void InWords_example_says(string sentence) => Lines(ExampleContracts.Nafld()).Should().Contain(sentence);

    [Theory]
    [InlineData("recovery/k", "2", "Any 2 of you together could read everything: 2 of the 3 recovery shares restore all keys.")]
    [InlineData("recovery/k", "1", "Any 1 of you alone could read everything: 1 of the 3 recovery shares restore all keys.")]
    [InlineData("rollback", "\"none\"", "NOTHING stops the operator from restoring an old state and so spending a budget twice.")]
    [InlineData("output/answerEveryMs", "null", "Answers leave as soon as they are ready: the TIME that a query takes may tell something about the data.")]
    [InlineData("datasets/1/policy/approval", "\"none\"", "NOBODY is asked before a query reads laboratory.tests.")]
    [InlineData("datasets/1/policy/unit", "null", "It protects NOBODY: its rows may be read out of answers one by one.")]
    [InlineData("attestation/accepted/0/debug", "true", "DEBUG is accepted for it: the operator can look into the running machine.")]
    public void InWords_what_weakens_protection_is_said_loudly(string path, string value, string sentence) =>
        Lines(ExampleContracts.Read(ExampleContracts.With(ExampleContracts.NafldJson(), path, value))).Should().Contain(sentence);

    [Theory]
    [InlineData("It protects the people in the column id: answers LIST rows of those whom the asking side has too, if there are at least 50.")]
    [InlineData("SINGLE VALUES may leave of age and id.")]
    [InlineData("hospital may receive answers made from laboratory.tests: never a row of them, only what their owners' rules let out.")]
    [InlineData("hospital can receive a LIST of people of registry.people whom the asking side has too, with the columns age and id.")]
    public void InWords_list_is_said_loudly(string sentence)
    {
        var contract = ExampleContracts.Nafld();
        var people = contract.Datasets[0];
        var columns = people.Policy.Columns.ToImmutableSortedDictionary(
            pair => pair.Key, pair => pair.Value with { Uses = pair.Key is "id" ? [ColumnUse.Join, ColumnUse.List] : pair.Key is "age" ? [ColumnUse.List] : [], Public = false }, StringComparer.Ordinal);
        var listed = contract with { Datasets = contract.Datasets.SetItem(0, people with { Policy = people.Policy with { Tier = PolicyTier.List, Columns = columns } }), Templates = [] };

        Lines(listed).Should().Contain(sentence);
    }

    [Fact]
    public void InWords_simulated_hardware_is_named() =>
        Lines(ExampleContracts.Nafld()).Should().Contain(line => line.EndsWith("on SIMULATED hardware, which proves nothing.", StringComparison.Ordinal));

    [Fact]
    public void InWords_code_endorsers_count_together_and_one_alone_is_said_loudly()
    {
        var (first, second) = (Es256TestKey.Named("first"), Es256TestKey.Named("second"));
        var none = ExampleContracts.Nafld();

        Lines(none with { Attestation = none.Attestation with { CodeEndorsers = [first.PublicKey, second.PublicKey] } }).Should().Contain(
            $"LATER code may be endorsed without a new contract, until this version ends, by all 2 of these keys together and by no fewer: {first.Id.Abbreviated} and "
            + $"{second.Id.Abbreviated}. Any owner can take such code back.");
        Lines(none with { Attestation = none.Attestation with { CodeEndorsers = [first.PublicKey] } }).Should().Contain(
            $"Whoever holds the key {first.Id.Abbreviated} may ALONE endorse LATER code without a new contract, until this version ends; any owner can take such code back.");
    }

    /// <summary>The summary stands beside a draft that is being written.</summary>
    [Fact]
    public void InWords_key_that_is_none_is_described()
    {
        var none = ExampleContracts.Nafld();

        Lines(none with { Attestation = none.Attestation with { CodeEndorsers = [new Bytes([]), new Bytes([7])] } }).Should().ContainMatch(
            "*by all 2 of these keys*: of no bytes and of 1 bytes that begin with 07*");
    }

    [Fact]
    public void InWords_amendment_says_what_stays_open() =>
        Lines(ExampleContracts.Rich()).Should().Contain("Of what was uploaded under the version before, only this stays open: registry.people.");

    private static IEnumerable<string> Lines(Contract contract) => ContractSummary.InWords(contract).SelectMany(section => section.Lines);
}
