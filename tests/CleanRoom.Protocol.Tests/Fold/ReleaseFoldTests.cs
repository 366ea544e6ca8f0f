using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>The result row of a list says whose rows left, for each protected input, and no other row does.</summary>
public sealed class ReleaseFoldTests
{
    private static readonly Query _question = TestStages.Question;
    private static readonly Digest _people = _question.Inputs[0].ManifestDigest;
    private static readonly Digest _tests = _question.Inputs[1].ManifestDigest;

    private static readonly Verdict _verdict = TestStages.Verdict with
    {
        Inputs =
        [
            .. TestStages.Verdict.Inputs.Select(input => input with
            {
                Tier = PolicyTier.List, MinUnits = input.Dataset == "registry.people" ? 50 : 0, Cells = 0,
            }),
        ],
    };

    private static readonly TestRoom _charged = Charged();
    private static readonly ReleaseRecord _release = new() { ManifestDigest = _people, Units = 57, Commitment = Digest.Of("release"u8), Columns = [0, 2] };
    private static readonly RunResult _result = _charged.Result(_question) with { Releases = [_release] };

    [Fact]
    public void Answer_with_its_releases_is_taken_and_its_receipt_repeats_them()
    {
        var answered = _charged.Append(_charged.ByNode(_result));
        answered.State.Queries.Values.Single().Runs[0].Result!.Releases!.Value.Should().BeEquivalentTo([_release]);

        var receipt = answered.Receipt(_question);
        receipt.Predicate.Releases!.Value.Should().BeEquivalentTo([_release]);
        answered.Accepts(answered.ByNode(receipt));
        answered.Refuses(answered.ByNode(receipt with { Predicate = receipt.Predicate with { Releases = null } }), RefusalCode.ReceiptInvalid);
        answered.Refuses(
            answered.ByNode(receipt with { Predicate = receipt.Predicate with { Releases = [_release with { Units = 56 }] } }), RefusalCode.ReceiptInvalid);
    }

    [Fact]
    public void Answer_of_nobody_says_so() => _charged.Accepts(_charged.ByNode(_result with { Releases = [_release with { Units = 0 }] }));

    [Fact]
    public void Answer_without_its_releases_is_refused()
    {
        ReleaseRecord[][] wrong =
        [
            [],
            [_release, _release],
            [_release with { ManifestDigest = _tests }],
            [_release, _release with { ManifestDigest = _tests }],
            [_release with { Units = -1 }],
            [_release with { Columns = [-1] }],
            [_release with { Columns = [1, 0] }],
            [_release with { Columns = [1, 1] }],
        ];
        _charged.Refuses(_charged.ByNode(_result with { Releases = null }), RefusalCode.DocumentInvalid);
        foreach (var releases in wrong)
        {
            _charged.Refuses(_charged.ByNode(_result with { Releases = [.. releases] }), RefusalCode.DocumentInvalid);
        }

        _charged.Accepts(_charged.ByNode(_result));
    }

    [Fact]
    public void Answer_of_another_tier_with_releases_is_refused()
    {
        var result = TestStages.Charged.Result(_question);
        TestStages.Charged.Refuses(TestStages.Charged.ByNode(result with { Releases = [_release] }), RefusalCode.DocumentInvalid);
        TestStages.Charged.Refuses(TestStages.Charged.ByNode(result with { Releases = [] }), RefusalCode.DocumentInvalid);
        TestStages.Charged.Accepts(TestStages.Charged.ByNode(result));
    }

    private static TestRoom Charged()
    {
        var room = TestStages.Supplied.Append(TestPeople.Hana.Sign(_question));
        room = TestStages.Approve(room.Append(room.ByNode(_verdict)), _question, _verdict);
        return room.Append(room.ByNode(room.Charge(_question, _verdict)));
    }
}
