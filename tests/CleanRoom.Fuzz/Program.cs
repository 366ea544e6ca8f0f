using System.Diagnostics;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Fuzz;
using CleanRoom.Protocol;

// dotnet run --project tests/CleanRoom.Fuzz -- [seconds] [seed]
// Every verifier reads changed evidence with changed endorsements for the given time. None may throw, whatever the bytes are; the
// evidence that made one throw is kept.
var seconds = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 60;
var seed = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : Environment.TickCount;
IEvidenceVerifier[] verifiers = [.. EvidenceVerifiers.All, new InsecureSimulatedVerifier()];
var corpus = Corpus.Read();
Console.WriteLine($"{verifiers.Length} verifiers, {corpus.Count} seeds, {seconds} s, random seed {seed}");
var random = new Random(seed);
var mutator = new Mutator(random);
var learned = Expected.Learned<Bytes>("the fuzzer looks for exceptions, not for commitments");
var (rounds, parsed, slowest) = (0L, 0L, TimeSpan.Zero);
var clock = Stopwatch.StartNew();
while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
{
    var (name, bytes) = corpus[random.Next(corpus.Count)];
    var other = corpus[random.Next(corpus.Count)].Bytes;
    var changed = new Bytes(mutator.Mutate(bytes, other));
    var endorsements = Enumerable.Range(0, random.Next(4)).Select(_ => corpus[random.Next(corpus.Count)].Bytes)
        .Select(one => new Bytes(random.Next(2) == 0 ? one : mutator.Mutate(one, other))).ToList();
    foreach (var verifier in verifiers)
    {
        var started = clock.Elapsed;
        try
        {
            _ = verifier.Recognises(changed.Span);
            var result = EvidenceAppraiser.Authenticate(new PresentedEvidence(verifier.Tee, changed, [.. endorsements]), learned, Corpus.At, [verifier]);
            parsed += result.Claims is null ? 0 : 1;
        }
        catch (Exception exception)
        {
            var file = Path.Combine(Path.GetTempPath(), $"cleanroom-fuzz-{verifier.Tee}-{seed}.bin");
            File.WriteAllBytes(file, changed.Span);
            Console.Error.WriteLine($"{verifier.Tee} threw on a change of {name}, kept in {file}: {exception}");
            return 1;
        }

        var took = clock.Elapsed - started;
        slowest = took > slowest ? took : slowest;
        rounds++;
    }
}

Console.WriteLine($"{rounds} appraisals, {parsed} of them of readable evidence, none threw; the slowest took {slowest.TotalMilliseconds:F0} ms");
return rounds == 0 ? 1 : 0;
