using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Queries and the verdicts on them.</summary>
public sealed class QueryFoldTests
{
    private static readonly Query _question = TestStages.Question;
    private static readonly Verdict _verdict = TestStages.Verdict;

    [Fact]
    public void Query_in_the_name_of_another_collaborator_is_refused() =>
        TestStages.Supplied.Refuses(Rita.Sign(_question), RefusalCode.NotPermitted);

    [Fact]
    public void Query_with_both_sql_and_template_or_neither_is_refused()
    {
        var template = DocumentCodec.DigestOf(TestContracts.First.Templates[0]);

        Refuses(_question with { TemplateDigest = template }, RefusalCode.DocumentInvalid);
        Refuses(_question with { Sql = null }, RefusalCode.DocumentInvalid);
        TestStages.Supplied.Accepts(Hana.Sign(_question with { Sql = null, TemplateDigest = template }));
    }

    [Fact]
    public void Query_with_a_template_that_the_contract_does_not_have_is_refused() =>
        Refuses(_question with { Sql = null, TemplateDigest = Digest.Of("unknown"u8) }, RefusalCode.QueryRefused);

    [Fact]
    public void Query_with_sql_and_parameters_is_refused() => Refuses(
        _question with { Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("test", "hdl") }, RefusalCode.DocumentInvalid);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public void Query_with_a_number_of_runs_that_nobody_can_want_is_refused(int runs) =>
        Refuses(_question with { Runs = runs }, RefusalCode.DocumentInvalid);

    [Fact]
    public void Query_whose_life_is_past_endless_or_empty_is_refused()
    {
        Refuses(_question with { Expires = TestStages.Supplied.Now }, RefusalCode.Stale);
        Refuses(_question with { Expires = TestContracts.First.Expires.Plus(TimeSpan.FromMilliseconds(1)) }, RefusalCode.Stale);
        Refuses(_question with { NotBefore = _question.Expires }, RefusalCode.Stale);
    }

    [Fact]
    public void Query_for_receivers_that_are_not_collaborators_each_once_is_refused()
    {
        Refuses(_question with { Receivers = [] }, RefusalCode.DocumentInvalid);
        Refuses(_question with { Receivers = ["hospital", "stranger"] }, RefusalCode.DocumentInvalid);
        Refuses(_question with { Receivers = ["hospital", "hospital"] }, RefusalCode.DocumentInvalid);
    }

    [Fact]
    public void Query_on_inputs_that_are_not_usable_is_refused()
    {
        var manifest = TestStages.Supplied.Manifest("hospital.events");
        var uploaded = TestStages.Supplied.Append(Hal.Sign(manifest));

        Refuses(_question with { Inputs = [] }, RefusalCode.DocumentInvalid);
        Refuses(_question with { Inputs = [_question.Inputs[0], _question.Inputs[0]] }, RefusalCode.DocumentInvalid);
        Refuses(_question with { Inputs = [_question.Inputs[0] with { ManifestDigest = Digest.Of("unknown"u8) }] }, RefusalCode.DatasetUnknown);
        uploaded.Refuses(
            Hana.Sign(_question with { Inputs = [new QueryInput { Dataset = "hospital.events", ManifestDigest = DocumentCodec.DigestOf(manifest) }] }),
            RefusalCode.DatasetUnknown, "it is not taken in yet");
    }

    [Fact]
    public void Query_that_names_another_owners_manifest_for_its_own_dataset_is_refused()
    {
        // Confused deputy: the registry's name with the laboratory's grant, and the two swapped.
        var (people, tests) = (_question.Inputs[0], _question.Inputs[1]);

        Refuses(_question with { Inputs = [people with { ManifestDigest = tests.ManifestDigest }] }, RefusalCode.DatasetUnknown);
        Refuses(
            _question with { Inputs = [people with { ManifestDigest = tests.ManifestDigest }, tests with { ManifestDigest = people.ManifestDigest }] },
            RefusalCode.DatasetUnknown);
    }

    [Fact]
    public void Verdict_by_anyone_but_an_admitted_node_is_refused()
    {
        var room = TestStages.Supplied.Append(Hana.Sign(_question));

        room.Refuses(Ada.Sign(_verdict), RefusalCode.SignatureUnknownKey);
        room.Refuses(Es256TestKey.Named("stranger").Sign(_verdict), RefusalCode.SignatureUnknownKey);
        room.Refuses(TestStages.Forge(room.ByNode(_verdict)), RefusalCode.SignatureInvalid);
        room.Refuses(room.ByNode(_verdict) with { Signatures = [] }, RefusalCode.SignatureMissing);
        TestStages.Asked.Refuses(TestStages.Asked.ByNode(_verdict), RefusalCode.Replayed);
    }

    [Fact]
    public void Verdict_under_another_contract_is_refused() => TestStages.Asked.Refuses(
        TestStages.Asked.ByNode(_verdict with { ContractDigest = Digest.Of("another"u8) }), RefusalCode.ContractConflict);

    [Fact]
    public void Query_of_a_member_that_was_revoked_since_is_stopped()
    {
        var room = TestStages.Approved.Append(Hana.Revoke());

        room.Refuses(room.ByNode(room.Charge(_question, _verdict)), RefusalCode.MemberRevoked);
        room.Refuses(Ada.Sign(room.Approval(_question, _verdict, "late")), RefusalCode.MemberRevoked);
    }

    private static void Refuses(Query query, RefusalCode code) => TestStages.Supplied.Refuses(Hana.Sign(query), code);
}
