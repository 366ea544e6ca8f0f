using System.Collections.Immutable;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Storage.Ledger;
using CleanRoom.Storage.Objects;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Runs.Model;

/// <summary>What one step of a schedule does.</summary>
internal enum Operation
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>A member asks and the approvers approve; a question that is there already is sent once more.</summary>
    Ask = 1,

    /// <summary>A request to run, or a second one.</summary>
    Run = 2,

    /// <summary>The author asks for another run.</summary>
    RunAgain = 3,

    /// <summary>The process dies at a call of the stores, and another starts.</summary>
    Crash = 4,

    /// <summary>The process ends between runs, and another starts.</summary>
    Restart = 5,

    /// <summary>The witnesses answer this start with what they have seen.</summary>
    Witness = 6,

    /// <summary>The witnesses look at the log.</summary>
    Look = 7,

    /// <summary>The host copies the ledger.</summary>
    Copy = 8,

    /// <summary>The host puts the copy back.</summary>
    Restore = 9,
}

/// <summary>One step of a schedule: at which activation, about which query, and of a crash at which call and on which side of its effect.</summary>
internal sealed record Step(Operation Operation, int Activation, int Query, int Call, bool IsAfter)
{
    public override string ToString() => $"{Operation} {Activation} {Query}" + (Operation == Operation.Crash ? $" {(IsAfter ? "after" : "before")} call {Call}" : string.Empty);
}

/// <summary>The real room, runs and stores beside the model: each step is done in both, and then they are compared.</summary>
internal sealed class RunSchedule : IDisposable
{
    private readonly Machine _machine;
    private readonly string _collaboration;
    private readonly ImmutableArray<Query> _queries;
    private readonly int _nodesBefore;
    private readonly RunModel _model;
    private readonly Dictionary<int, (string Name, byte[] Bytes)> _answers = [];
    private (ILedgerStore Rows, ImmutableList<ModelRow> Model)? _copy;
    private string _note;
    private NodeProcess? _node;
    private List<Runner> _runners = [];

    private RunSchedule(Machine machine, CollaborationRoom room, ImmutableArray<Query> queries, int asked)
    {
        (_machine, _queries, _collaboration, _note) = (machine, queries, room.State.Collaboration, room.Status().Checkpoint);
        _nodesBefore = room.State.Nodes.Count;
        _model = new RunModel(asked);
    }

    private static CancellationToken Stop => CancellationToken.None;

    /// <summary>Begins with a copy of a room in which some queries are approved, and a node that has just started.</summary>
    public static async Task<RunSchedule> BeginAsync(Machine machine, ILedgerStore prepared, CollaborationRoom room, ImmutableArray<Query> queries, int asked)
    {
        var schedule = new RunSchedule(machine, room, queries, asked);
        machine.Ledger.Inner = await schedule.CopyAsync(prepared);
        await schedule.StartAsync();
        return schedule;
    }

    /// <summary>Does a step in both and compares them.</summary>
    public async Task DoAsync(Step step)
    {
        var (runner, query) = (_runners[step.Activation], DocumentCodec.DigestOf(_queries[step.Query]));
        var (mayWrite, before) = (_model.MayWrite, _machine.Hooks.Calls.Count);
        switch (step.Operation)
        {
            case Operation.Ask:
                await AskAsync(step);
                break;
            case Operation.Run or Operation.RunAgain:
                var again = step.Operation == Operation.RunAgain;
                await runner.EndAsync(query, again);
                _model.Run(step.Activation, step.Query, again);
                break;
            case Operation.Crash:
                await CrashAsync(step, runner, query);
                break;
            case Operation.Restart:
                _model.Start();
                await StartAsync();
                break;
            case Operation.Witness:
                foreach (var member in new[] { TestPeople.Ada, TestPeople.Lea, TestPeople.Hal })
                {
                    await (await runner.Room.RoomAsync()).WitnessAsync(member, _note);
                }

                _model.Answer(step.Activation);
                break;
            case Operation.Look:
                _note = _model.MayLook(step.Activation) ? (await runner.Room.RoomAsync()).Status().Checkpoint : _note;
                _model.Look(step.Activation);
                break;
            case Operation.Copy:
                _copy = (await CopyAsync(_machine.Ledger.Inner), _model.Store);
                break;
            case Operation.Restore:
                if (_copy is { } copy && _model.Restore(copy.Model))
                {
                    _machine.Ledger.Inner = await CopyAsync(copy.Rows);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step));
        }

        if (!mayWrite)
        {
            _machine.Hooks.Calls.Skip(before).Should().NotContain("open Derived", "nothing is decrypted before the log is known to be the newest");
        }

        await CompareAsync();
    }

    public void Dispose() => _node?.Dispose();

    private Task<ILedgerStore> CopyAsync(ILedgerStore from) => HostLedger.CopyAsync(from, new InMemoryLedgerStore(), _collaboration, long.MaxValue);

    private async Task StartAsync()
    {
        Dispose();
        _node = await _machine.StartAsync();
        _runners = [.. Enumerable.Range(0, RunModel.Activations).Select(_ => new Runner(_node, _collaboration))];
        foreach (var runner in _runners)
        {
            await runner.Room.RoomAsync();
        }
    }

    private async Task AskAsync(Step step)
    {
        var (room, query) = (await _runners[step.Activation].Room.RoomAsync(), _queries[step.Query]);
        var wasAsked = RunModel.Has(_model.Store, RowKind.Asked, step.Query);
        var submitted = await room.SubmitAsync(TestPeople.Hana.Sign(query), Stop);
        while (!submitted.IsAccepted && submitted.Refusals[0].Code == RefusalCode.SequenceConflict)
        {
            submitted = await room.SubmitAsync(TestPeople.Hana.Sign(query), Stop);
        }

        _model.Ask(step.Activation, step.Query);
        submitted.IsAccepted.Should().Be(_model.MayWrite, "a node that may write takes a question, also for the second time");
        if (submitted.IsAccepted && !wasAsked)
        {
            var verdict = DocumentCodec.Parse<Verdict>(submitted.Value.Verdict).Value;
            await room.AddAsync([.. new[] { TestPeople.Ada, TestPeople.Lea, TestPeople.Leo }.Select(member =>
                member.Sign(room.Yes(query, verdict, member.Member + query.Nonce)))]);
        }
    }

    /// <summary>Kills the process under a run. Where the run had got to, the ledger says; it must be a place that a run passes.</summary>
    private async Task CrashAsync(Step step, Runner runner, Digest query)
    {
        var (death, before) = (HostHooks.DieAt(step.Call), _machine.Hooks.Calls.Count);
        (_machine.Hooks.Before, _machine.Hooks.After) = step.IsAfter ? ((Action<string>?)null, death) : (death, null);
        await runner.Run.RunAsync(query, mayRunAgain: false, Stop);
        (_machine.Hooks.Before, _machine.Hooks.After) = (null, null);
        var isRead = _machine.Hooks.Calls.Skip(before).Contains("open Derived");
        _model.Run(step.Activation, step.Query, again: false);

        await StartAsync();
        var found = Shape((await _node!.OpenAsync(_collaboration)).Value.State);
        var passed = _model.Passed.Where(log => Shape(log) == found).ToList();
        passed.Should().NotBeEmpty($"a killed run leaves a state that it passes; got {found}, wanted one of {string.Join(" | ", _model.Passed.Select(Shape))}");
        _model.StopAt(passed[0]);
        _model.Start();
        if (isRead)
        {
            RunModel.Has(_model.Store, RowKind.Charged, step.Query).Should().BeTrue("no row is decrypted before its charge is durable");
        }

        // The request comes again at once, to a node that does not know yet whether its log is the newest.
        var started = _machine.Hooks.Calls.Count;
        await _runners[step.Activation].EndAsync(query);
        _model.Run(step.Activation, step.Query, again: false);
        _machine.Hooks.Calls.Skip(started).Should().NotContain("open Derived", "nothing is decrypted before the log is known to be the newest");
    }

    private async Task CompareAsync()
    {
        var opened = await _node!.OpenAsync(_collaboration);
        opened.IsAccepted.Should().Be(_model.GoesOn, "a store that goes back under a process is noticed");
        _model.Read();
        if (!opened.IsAccepted)
        {
            opened.Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
            return;
        }

        var room = opened.Value;
        Shape(room.State).Should().Be(Shape(_model.Store));
        room.Status().Mode.Should().Be(_model switch
        {
            { IsHalted: true } => RoomMode.Halted,
            { IsFresh: false } => RoomMode.AwaitingWitnesses,
            _ => RoomMode.Active,
        });
        room.State.Queries.Values.Sum(query => query.Runs.Length).Should().BeLessThanOrEqualTo(RunModel.Budget);
        foreach (var row in _model.Store.Where(row => row.Kind == RowKind.Asked))
        {
            var answer = _model.Store.Find(one => one.Kind == RowKind.Answered && one.Subject == row.Subject);
            var name = room.ViewOf(DocumentCodec.DigestOf(_queries[row.Subject])).Value.ResultName;
            (name is not null).Should().Be(answer is not null && _model.MayWrite, "what is committed is served, once the log is known to be the newest");
            if (name is not null)
            {
                var bytes = await _machine.Objects.BytesAsync(ObjectContainer.Results, ObjectName.Parse(name));
                _answers.TryAdd(answer!.Id, (name, bytes));
                name.Should().Be(_answers[answer.Id].Name, "an answer does not change");
                bytes.Should().Equal(_answers[answer.Id].Bytes, "an answer does not change");
            }
        }
    }

    private string Shape(CollaborationState state) => Shape(
        state.Nodes.Count - _nodesBefore,
        query => state.Queries.TryGetValue(DocumentCodec.DigestOf(_queries[query]), out var found)
            ? (found.Decisions.Length >= 3, found.Runs.Length, found.Runs.Count(run => run.Receipt is not null))
            : (false, 0, 0));

    private static string Shape(ImmutableList<ModelRow> log) => Shape(
        log.Count(row => row.Kind == RowKind.Admitted),
        query => (RunModel.Has(log, RowKind.Asked, query), Count(log, RowKind.Charged, query), Count(log, RowKind.Answered, query)));

    private static string Shape(int nodes, Func<int, (bool IsAsked, int Charges, int Answers)> of) =>
        $"{nodes} nodes, " + string.Join(", ", Enumerable.Range(0, RunModel.Queries).Select(query => $"{query}: {of(query)}"));

    private static int Count(ImmutableList<ModelRow> log, RowKind kind, int query) => log.Count(row => row.Kind == kind && row.Subject == query);
}
