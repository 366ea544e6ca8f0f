using System.Collections.Immutable;
using System.Diagnostics;
using CleanRoom.Fuzz.Mutation;
using CleanRoom.Fuzz.Targets;
using CleanRoom.Protocol;

namespace CleanRoom.Fuzz.Running;

/// <summary>Gives changed inputs to one target. The inputs follow from the target's name and a number alone.</summary>
internal sealed class FuzzRun
{
    private readonly FuzzTarget _target;
    private readonly Random _random;
    private readonly InputMutator _mutator;
    private volatile Current? _current;

    public FuzzRun(FuzzTarget target, int randomSeed)
    {
        _target = target;
        _random = new Random(randomSeed ^ BitConverter.ToInt32(Digest.Of(System.Text.Encoding.UTF8.GetBytes(target.Name)).ToArray()));
        _mutator = new InputMutator(target.Seeds, _random);
    }

    /// <summary>Runs until the budget is spent or something goes wrong.</summary>
    /// <param name="goOn">Is asked before each run, with the number of runs so far.</param>
    public FuzzReport Run(Func<long, bool> goOn)
    {
        var (runs, parsed, verified, slowest) = (0L, 0L, 0L, TimeSpan.Zero);
        FuzzFinding? finding = null;
        while (finding is null && goOn(runs))
        {
            var seed = _target.Seeds[_random.Next(_target.Seeds.Length)];
            var parts = _mutator.Mutate(seed);
            var current = new Current(seed.Name, parts, Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            _current = current;
            try
            {
                var outcome = seed.Judge(parts);
                parsed += outcome is FuzzOutcome.Parsed or FuzzOutcome.Verified ? 1 : 0;
                verified += outcome == FuzzOutcome.Verified ? 1 : 0;
            }
            catch (Exception exception)
            {
                finding = new FuzzFinding(seed.Name, exception.ToString(), parts);
            }

            var took = current.Worked;
            slowest = took > slowest ? took : slowest;
            runs++;
        }

        _current = null;
        return new FuzzReport(_target.Name, runs, parsed, verified, slowest, finding);
    }

    /// <summary>Returns the run that is under way as a finding when it has worked for longer than allowed, or stands still.</summary>
    /// <param name="allowed">Of the processor's time: on a busy machine a run may wait for long.</param>
    /// <param name="stands">How long a run may last that hardly works.</param>
    public FuzzFinding? Hanging(TimeSpan allowed, TimeSpan stands) => _current is not { } current ? null
        : current.Worked > allowed ? new FuzzFinding(current.Seed, $"a run that worked for longer than {allowed.TotalSeconds:F0} s", current.Parts)
        : current.Lasted > stands ? new FuzzFinding(current.Seed, $"a run that did not end in {stands.TotalSeconds:F0} s", current.Parts)
        : null;

    private sealed record Current(string Seed, ImmutableArray<byte[]> Parts, long Started, TimeSpan Work)
    {
        public TimeSpan Lasted => Stopwatch.GetElapsedTime(Started);

        /// <summary>Gets the time of the processor that this process took; never more than the run lasted, though a thread that hangs may be left of an earlier target.</summary>
        public TimeSpan Worked => new(Math.Min((Environment.CpuUsage.TotalTime - Work).Ticks, Lasted.Ticks));
    }
}
