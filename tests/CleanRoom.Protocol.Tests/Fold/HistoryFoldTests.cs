using System.Collections.Immutable;
using System.Text;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>The audit's memory of earlier answers: never left out, never behind, never two that follow one; and cells are counted when offered.</summary>
public sealed class HistoryFoldTests
{
    private const int Cells = 30;

    private static readonly Query _question = TestStages.Question;
    private static readonly Verdict _verdict = Audited(TestStages.Verdict, Cells);
    private static readonly TestRoom _charged = Charge(TestStages.Supplied, _question, _verdict);
    private static readonly Digest _people = _question.Inputs[0].ManifestDigest;
    private static readonly HistoryRecord _first = Record(null, "first");
    private static readonly RunResult _result = _charged.Result(_question) with { History = [_first] };
    private static readonly TestRoom _answered = _charged.Append(_charged.ByNode(_result));

    [Fact]
    public void Answer_that_does_not_remember_itself_is_refused()
    {
        _charged.Refuses(_charged.ByNode(_result with { History = [] }), RefusalCode.DocumentInvalid);
        _charged.Refuses(
            _charged.ByNode(_result with { History = [_first with { ManifestDigest = _question.Inputs[1].ManifestDigest }] }),
            RefusalCode.DocumentInvalid,
            "the laboratory has no audit here");
        _charged.Refuses(_charged.ByNode(_result with { History = [_first, _first] }), RefusalCode.DocumentInvalid);
        _charged.Accepts(_charged.ByNode(_result));
    }

    [Fact]
    public void Answer_with_a_history_that_nobody_asked_for_is_refused() => TestStages.Charged.Refuses(
        TestStages.Charged.ByNode(TestStages.Charged.Result(_question) with { History = [_first] }), RefusalCode.DocumentInvalid);

    [Fact]
    public void History_that_does_not_follow_the_newest_is_refused()
    {
        var second = _answered.Append(_answered.ByNode(_answered.Charge(_question, _verdict, 2)));
        var next = second.Result(_question) with { Commitment = Digest.Of("second"u8) };

        second.Refuses(second.ByNode(next with { History = [Record(null, "forgets")] }), RefusalCode.SequenceConflict);
        second.Refuses(second.ByNode(next with { History = [Record(Digest.Of("other"u8), "forks")] }), RefusalCode.SequenceConflict);
        var after = second.Append(second.ByNode(next with { History = [Record(_first.Commitment, "second")] }));
        after.State.Histories[_people].Commitment.Should().Be(Digest.Of("second"u8));
        _charged.Refuses(
            _charged.ByNode(_result with { History = [Record(Digest.Of("none"u8), "first")] }), RefusalCode.SequenceConflict, "there is none yet");
    }

    [Fact]
    public void Charge_beyond_the_cells_that_may_be_offered_is_refused()
    {
        var other = _answered.Query("other");
        var asked = _answered.Append(TestPeople.Hana.Sign(other));
        var fits = _verdict with { PlanDigest = Digest.Of("fits"u8), Inputs = Offering(_verdict, MaxCells - Cells) };
        var full = _verdict with { PlanDigest = Digest.Of("full"u8), Inputs = Offering(_verdict, MaxCells - Cells + 1) };

        var fitting = Approve(asked, other, fits);
        fitting.Accepts(fitting.ByNode(fitting.Charge(other, fits)));
        var room = Approve(asked, other, full);
        room.Refuses(room.ByNode(room.Charge(other, full)), RefusalCode.BudgetExhausted);
        StateCodes.Of(room.State, full, room.Now).Should().Equal(VerdictCodes.HistoryFull);
    }

    [Fact]
    public void Same_plan_again_offers_no_new_cells()
    {
        var rest = _verdict with { PlanDigest = Digest.Of("rest"u8), Inputs = Offering(_verdict, MaxCells - Cells) };

        StateCodes.Of(_answered.State, rest, _answered.Now).Should().BeEmpty();
        StateCodes.Of(_answered.State, _verdict with { Inputs = Offering(_verdict, Cells) }, _answered.Now).Should().BeEmpty("it was offered already");
    }

    [Fact]
    public void Same_plan_over_another_version_of_an_input_offers_anew()
    {
        // The registry's version stays; the laboratory brings another, as the asker could with rows of its own.
        var supplied = TestStages.Supply(_answered, "laboratory.tests", TestPeople.Lea);
        var other = supplied.Query("other");
        var verdict = _verdict with { Inputs = Offering(_verdict, MaxCells - Cells) };
        var rest = verdict with { PlanDigest = _verdict.PlanDigest };

        other.Inputs[0].ManifestDigest.Should().Be(_people);
        StateCodes.Of(supplied.State, rest, supplied.Now).Should().BeEmpty("what is left fits");
        StateCodes.Of(supplied.State, verdict with { Inputs = Offering(_verdict, MaxCells - Cells + 1) }, supplied.Now).Should().Equal(VerdictCodes.HistoryFull);
        StateCodes.Of(_answered.State, verdict with { Inputs = Offering(_verdict, MaxCells) }, _answered.Now).Should().BeEmpty("over the same versions it is one offer");
    }

    [Fact]
    public void Run_that_is_answered_again_has_its_cells_counted_once()
    {
        var state = _answered.State;
        var query = state.Queries.Values.Single();
        QueryRules.CellsCounted(_charged.State, _charged.State.Queries.Values.Single(), _charged.State.Queries.Values.Single().Runs[0], "registry.people").Should().Be(0, "it has no answer yet");
        QueryRules.CellsCounted(state, query, query.Runs[0], "registry.people").Should().Be(Cells);
        QueryRules.CellsCounted(state, query, query.Runs[0], "laboratory.tests").Should().Be(0);
    }

    private static int MaxCells =>
        _answered.State.Active!.Contract.Datasets.Single(dataset => dataset.SqlName == "registry.people").Policy.Threshold.MaxCells;

    private static Verdict Audited(Verdict verdict, int cells) => verdict with { Inputs = Offering(verdict, cells) };

    private static ImmutableArray<VerdictInput> Offering(Verdict verdict, int cells) =>
        [.. verdict.Inputs.Select(input => input with { Cells = input.Dataset == "registry.people" ? cells : 0 })];

    private static TestRoom Charge(TestRoom supplied, Query query, Verdict verdict)
    {
        var room = Approve(supplied.Append(TestPeople.Hana.Sign(query)), query, verdict);
        return room.Append(room.ByNode(room.Charge(query, verdict)));
    }

    private static TestRoom Approve(TestRoom room, Query query, Verdict verdict) =>
        TestStages.Approve(room.Append(room.ByNode(verdict)), query, verdict);

    private static HistoryRecord Record(Digest? previous, string name) => new()
    {
        ManifestDigest = _people,
        Previous = previous,
        Commitment = Digest.Of(Encoding.UTF8.GetBytes(name)),
        Blob = new ResultBlob { Name = "b0b1b2b3b4b5b6b7b8b9babbbcbdbebf", Bytes = 4_096, Digest = Digest.Of("history blob"u8) },
    };
}
