using CleanRoom.Attestation;
using CleanRoom.Fuzz.Pieces;
using CleanRoom.Fuzz.Running;
using CleanRoom.Fuzz.Targets;

namespace CleanRoom.Architecture.Tests;

/// <summary>The quick part of tests/CleanRoom.Fuzz: a fixed number of changed inputs for each target. The program itself runs for a time.</summary>
public sealed class FuzzTests
{
    private const int RandomSeed = 20261128;
    private const int EvidenceRuns = 25;
    private const int ParserRuns = 100;

    private static readonly IReadOnlyList<FuzzTarget> s_targets = FuzzTargets.All();
    private static readonly Lazy<IReadOnlyList<FuzzReport>> s_reports = new(() =>
        [.. s_targets.Select(target => new FuzzRun(target, RandomSeed).Run(runs => runs < (target.IsEvidence ? EvidenceRuns : ParserRuns)))]);

    [Fact]
    public void No_target_throws_or_accepts_what_nobody_signed()
    {
        s_reports.Value.Where(report => report.Finding is not null).Select(report => $"{report.Target}: {report.Finding!.Seed}: {report.Finding.What}").Should().BeEmpty();
    }

    [Fact]
    public void A_good_share_of_changed_evidence_gets_past_its_parser()
    {
        var evidence = s_targets.Where(target => target.IsEvidence).Select(target => target.Name).ToHashSet(StringComparer.Ordinal);
        var reports = s_reports.Value.Where(report => evidence.Contains(report.Target)).ToList();

        (reports.Sum(report => report.Parsed) * 100 / reports.Sum(report => report.Runs)).Should().BeGreaterThan(30);
        reports.Sum(report => report.Verified).Should().BePositive();
    }

    [Fact]
    public void Every_verifier_has_a_target_and_every_target_a_seed()
    {
        s_targets.Select(target => target.Name).Should().OnlyHaveUniqueItems().And.Contain(EvidenceVerifiers.All.Select(verifier => verifier.Tee));
        s_targets.Where(target => target.Seeds.IsEmpty).Select(target => target.Name).Should().BeEmpty();
    }

    [Fact]
    public void Unchanged_pieces_give_the_seed_again()
    {
        foreach (var part in s_targets.SelectMany(target => target.Seeds).SelectMany(seed => seed.Parts))
        {
            var whole = PieceReader.Read(part);
            foreach (var piece in whole.All().Where(piece => piece.Parent is not null).Take(50))
            {
                whole.Encode(new Dictionary<Piece, byte[]> { [piece] = piece.Original }).Length.Should().BeLessThanOrEqualTo(part.Length + 64);
            }
        }
    }

    [Fact]
    public void An_exception_is_a_finding_that_holds_its_input()
    {
        var target = new FuzzTarget("broken", [new FuzzSeed("seed", [[1, 2, 3]], _ => throw new InvalidOperationException("broken"))]);

        var report = new FuzzRun(target, RandomSeed).Run(runs => runs < ParserRuns);

        report.Runs.Should().Be(1);
        report.Finding!.What.Should().Contain("broken");
        report.Finding.Parts.Should().ContainSingle();
    }
}
