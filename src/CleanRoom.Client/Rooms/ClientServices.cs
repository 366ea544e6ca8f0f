using System.Collections.Immutable;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Rooms;

/// <summary>What a client needs from where it runs: a command line, a browser, a test.</summary>
public sealed class ClientServices
{
    private static readonly SignatureVerifier _signatures = new();

    private readonly Lazy<ImmutableArray<IEvidenceVerifier>> _verifiers;
    private readonly Lazy<FoldServices> _fold;

    /// <summary>Takes the parts.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="http">Sends the requests; its own time limit counts. Not disposed.</param>
    /// <param name="time">The client's clock.</param>
    /// <param name="verifiers">The kinds of evidence that this program accepts at all, each TEE once.</param>
    public ClientServices(ICryptoBackend backend, HttpClient http, TimeProvider time, ImmutableArray<IEvidenceVerifier> verifiers)
        : this(backend, http, time, () => verifiers)
    {
    }

    /// <summary>Takes the parts, and the verifiers when the first evidence is judged: making them reads every root, which a page that begins has no time for.</summary>
    /// <param name="backend">Does the arithmetic.</param>
    /// <param name="http">Sends the requests; its own time limit counts. Not disposed.</param>
    /// <param name="time">The client's clock.</param>
    /// <param name="verifiers">Asked once for the kinds of evidence that this program accepts at all, each TEE once.</param>
    public ClientServices(ICryptoBackend backend, HttpClient http, TimeProvider time, Func<ImmutableArray<IEvidenceVerifier>> verifiers)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(verifiers);
        (Backend, Http, Time) = (backend, http, time);
        _verifiers = new(verifiers);
        _fold = new(() => new FoldServices(_signatures, new LedgerNodeAppraiser(Verifiers), new PrivacyLimits()));
    }

    /// <summary>Gets the arithmetic.</summary>
    public ICryptoBackend Backend { get; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Gets for how long a client asks again when a room does not answer or is out of order at present. Statements are signed once, so nothing is said twice.</summary>
    /// <value>Default: not at all, so that a person decides.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.Zero;

    /// <summary>Gets the kinds of evidence that are accepted at all.</summary>
    public ImmutableArray<IEvidenceVerifier> Verifiers => _verifiers.Value;

    /// <summary>Gets what a ledger is folded with.</summary>
    public FoldServices Fold => _fold.Value;

    internal HttpClient Http { get; }

    internal Timestamp Now => Timestamp.From(Time.GetUtcNow());
}
