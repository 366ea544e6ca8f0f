using CleanRoom.Cryptography;
using CleanRoom.Node.Hosting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
#if CLEANROOM_INSECURE
using CleanRoom.Attestation.Guest;
using CleanRoom.Attestation.Insecure;
#endif

namespace CleanRoom.Cli.Machines;

/// <summary>The TEE of the machine that a node of this program runs on.</summary>
internal static class NodeMachine
{
    /// <summary>What is printed wherever the simulated TEE is used.</summary>
    public const string InsecureWarning =
        "INSECURE: the TEE is SIMULATED. It proves nothing about this machine, and its operator can read everything. Never bring real data.";

    /// <summary>Opens the machine's TEE.</summary>
    /// <param name="dataDirectory">Where the simulated TEE keeps its sealing key.</param>
    /// <param name="backend">Does the cryptography.</param>
    /// <returns>The trust, or <see cref="RefusalCode.InsecureNotAllowed"/> when this build knows no TEE that the machine has.</returns>
    public static Result<NodeTrust> Open(string dataDirectory, ICryptoBackend backend) => Open(dataDirectory, backend, BuildName.Compute());

    /// <summary>As <see cref="Open(string, ICryptoBackend)"/>, for a machine that runs another build.</summary>
    public static Result<NodeTrust> Open(string dataDirectory, ICryptoBackend backend, string build)
    {
#if CLEANROOM_INSECURE
        return new NodeTrust(
            new InsecureSimulatedAttester(InsecureSimulatedMachine.OfBuild(build)),
            new InsecureFileSealer(dataDirectory, backend),
            new NoMachineCounter("the simulated tee, whose operator could set any counter"),
            [new InsecureSimulatedVerifier()],
            build);
#else
        return new Refusal(
            RefusalCode.InsecureNotAllowed,
            "a TEE that this build can use",
            $"none in {dataDirectory} for {build}: the simulated TEE is not part of it (built with CleanRoomInsecure=false)");
#endif
    }

    /// <summary>Returns the tuple with which a contract accepts a build on the simulated TEE.</summary>
    public static ReferenceTuple Accepted(string build) =>
#if CLEANROOM_INSECURE
        InsecureSimulatedMachine.OfBuild(build).ToReferenceTuple();
#else
        throw new InvalidOperationException("a build without a TEE opens no machine, so nobody asks what to accept");
#endif
}
