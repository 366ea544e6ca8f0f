using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Cli.Commands.Log;

/// <summary><c>cleanroom log destruction</c>: which nodes have erased a collaboration's keys, checked here.</summary>
internal static class DestructionCommand
{
    private const int MaxFileBytes = 64 << 20;

    private static readonly Argument<string> _source = new("source") { Description = "A node's address, or a file of this verb's --out." };

    private static readonly Option<FileInfo> _ledger = new("--ledger") { Description = "The ledger to its end: a file of log audit --out.", Required = true };

    private static readonly Option<FileInfo?> _out = new("--out") { Description = "Keeps the certificates, for a check without a network." };

    public static Command Create(CliHost host) => Verb.Create(
        host, "destruction", "Fetches and checks the certificates that the keys of a collaboration that ended are erased.", [_source, _ledger, _out], RunAsync);

    private static async Task<Result<VerbAnswer>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var services = context.Host.Services;
        if (!LedgerFile.Read(context.Require(_ledger)).Then(log => log.Fold(services.Fold, [])).TryGet(out var ledger, out var refusals)
            || !(await CertificatesAsync(context, ledger.Collaboration, cancellationToken)).TryGet(out var certificates, out refusals))
        {
            return refusals;
        }

        if (certificates.IsEmpty)
        {
            return new Refusal(RefusalCode.Unavailable, $"certificates that the keys of {ledger.Collaboration} are erased", "none at this node");
        }

        var verified = ImmutableArray.CreateBuilder<VerifiedDestruction>();
        foreach (var certificate in certificates)
        {
            if (!DestructionCheck.Check(certificate, ledger, services).TryGet(out var destruction, out refusals))
            {
                return refusals;
            }

            verified.Add(destruction);
        }

        return context.Get(_out) is { } file && InputFiles.Write(file, DestructionQuestion.Write(certificates)) is { } notWritten
            ? notWritten
            : Describe(ledger, verified.ToImmutable());
    }

    private static async Task<Result<ImmutableArray<DestructionCertificate>>> CertificatesAsync(
        VerbContext context, string collaboration, CancellationToken cancellationToken)
    {
        var source = context.Require(_source);
        if (RoomAddress.Parse(source).TryGet(out var address, out _))
        {
            return await DestructionQuestion.AskAsync(context.Host.Services, address, collaboration, cancellationToken);
        }

        var file = new FileInfo(source);
        return InputFiles.Named(file, InputFiles.Read(file, MaxFileBytes).Then(bytes => DestructionQuestion.Parse(bytes)));
    }

    private static VerbAnswer Describe(LedgerMirror ledger, ImmutableArray<VerifiedDestruction> verified)
    {
        var silent = ledger.State.Nodes.Keys.Count(key => verified.All(one => KeyId.Of(one.Certificate.Attestation.Binding.SigningKey.Span) != key));
        return new VerbAnswer(
            new JsonObject
            {
                ["collaboration"] = ledger.Collaboration,
                ["rows"] = ledger.State.Log.Size,
                ["certificates"] = new JsonArray([.. verified.Select(Json)]),
                ["startsWithoutCertificate"] = silent,
            },
            [
                $"the log of collaboration {ledger.Collaboration} ended with row {ledger.State.Log.Size - 1}",
                .. verified.Select(Words),
                silent == 0
                    ? "every start of a node that the ledger names has certified"
                    : string.Create(CultureInfo.InvariantCulture, $"{silent} start(s) of a node that the ledger names have not: one that was over by then had nothing in memory, and its machine's sealed copy is the next start's to erase"),
                "this proves that attested code erased these; it does not reach copies that a host made of a sealed copy, answers that were released, or members' own keys",
            ]);
    }

    private static JsonNode Json(VerifiedDestruction one) => new JsonObject
    {
        ["time"] = one.Certificate.Destruction.Time.ToString(),
        ["erased"] = new JsonArray([.. one.Certificate.Destruction.Erased.Select(what => (JsonNode)WordOf(what))]),
        ["tee"] = one.Certificate.Attestation.Tee,
        ["measurement"] = one.Node.Measurement,
        ["bootId"] = Convert.ToHexStringLower(one.Certificate.Attestation.Binding.BootId.Span),
        ["named"] = one.IsNamed,
    };

    private static string Words(VerifiedDestruction one) =>
        $"{one.Certificate.Destruction.Time}: {one.Certificate.Attestation.Tee} {one.Node.Measurement[..Math.Min(16, one.Node.Measurement.Length)]}"
        + $" erased {string.Join(", ", one.Certificate.Destruction.Erased.Select(WordOf))}{(one.IsNamed ? string.Empty : "; the ledger does not name this start")}";

    private static string WordOf(ErasedSecret what) => what switch
    {
        ErasedSecret.KeysInMemory => "keys-in-memory",
        ErasedSecret.SealedCopy => "sealed-copy",
        ErasedSecret.MachineCounter => "machine-counter",
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };
}
