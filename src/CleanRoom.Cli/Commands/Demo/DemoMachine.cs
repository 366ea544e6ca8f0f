using CleanRoom.Cli.Machines;
using CleanRoom.Cryptography;
using CleanRoom.Node.Hosting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Demo;

/// <summary>The machine that the demo's room runs on, and what the contract accepts of it.</summary>
/// <param name="Trust">What the machine gives a node.</param>
/// <param name="Accepted">The one machine that the contract of the story accepts.</param>
/// <param name="Warning">What the machine is worth, for people.</param>
/// <param name="Held">Ends with the demo; null when there is nothing to end.</param>
internal sealed record DemoMachine(NodeTrust Trust, ReferenceTuple Accepted, string Warning, IAsyncDisposable? Held) : IAsyncDisposable
{
    private const string OtherCode = " with another line of code";

    /// <summary>Opens it. Tampered with, it runs other code than the contract accepts.</summary>
    /// <param name="tee"><c>simulated</c> or <c>tpm</c>.</param>
    /// <param name="room">Where a simulated TEE keeps its key.</param>
    /// <param name="state">Where a software TPM keeps its state.</param>
    /// <param name="backend">Does the cryptography.</param>
    /// <param name="isTampered">Whether the operator runs other code.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async Task<Result<DemoMachine>> OpenAsync(
        string tee, DirectoryInfo room, DirectoryInfo state, ICryptoBackend backend, bool isTampered, CancellationToken cancellationToken)
    {
        var build = BuildName.Compute();
        return tee == Attestation.TeeNames.Tpm
            ? await OpenTpmAsync(state, backend, build, isTampered, cancellationToken)
            : NodeMachine.Open(room.FullName, backend, isTampered ? build + OtherCode : build)
                .Then(trust => Result.Accept(new DemoMachine(trust, NodeMachine.Accepted(build), NodeMachine.InsecureWarning, Held: null)));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Held?.DisposeAsync() ?? ValueTask.CompletedTask;

#if CLEANROOM_INSECURE
    private static async Task<Result<DemoMachine>> OpenTpmAsync(
        DirectoryInfo state, ICryptoBackend backend, string build, bool isTampered, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new Refusal(RefusalCode.EvidenceNotAccepted, "linux, where this program can start a software tpm", Environment.OSVersion.Platform.ToString());
        }

        var now = Timestamp.From(TimeProvider.System.GetUtcNow());
        if (!(await InsecureTpmMachine.StartAsync(state, backend, build, now, cancellationToken)).TryGet(out var machine, out var refusals))
        {
            return refusals;
        }

        if (isTampered)
        {
            await machine.LoadMoreCodeAsync(build + OtherCode, cancellationToken);
        }

        return new DemoMachine(machine.Trust, machine.Accepted(build), InsecureTpmMachine.InsecureWarning, machine);
    }
#else
    private static Task<Result<DemoMachine>> OpenTpmAsync(
        DirectoryInfo state, ICryptoBackend backend, string build, bool isTampered, CancellationToken cancellationToken) =>
        Task.FromResult<Result<DemoMachine>>(new Refusal(
            RefusalCode.InsecureNotAllowed,
            "a TEE that this build can use",
            "tpm, which is a software TPM in a demo: it is not part of this build (CleanRoomInsecure=false)"));
#endif
}
