using System.Security.Cryptography;
using System.Text.Json;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Node.Tests.Client.Support;

/// <summary>What stands behind a node: the log, which outlives a start, and sessions and freshness, which do not.</summary>
internal sealed class FakeRoom(TimeProvider time, FoldServices services)
{
    private readonly BclCryptoBackend _backend = new();
    private readonly Dictionary<string, (Digest Binding, DateTimeOffset Expires)> _sessions = [];
    private readonly Dictionary<string, byte[]> _parts = [];
    private readonly Bytes _firstNonce = new(RandomNumberGenerator.GetBytes(32));
    private RoomKeys? _keys;
    private FakeNode? _node;
    private bool _isFresh = true;
    private string _uploadToken = string.Empty;
    private FakeQueries? _queries;

    public FakeLog? Log { get; set; }

    public Digest ProposedContract { get; private set; }

    public Bytes BootNonce => _keys?.BootNonce ?? _firstNonce;

    public Refusal? Halted { get; private set; }

    public IReadOnlyDictionary<string, byte[]> Parts => _parts;

    public FakeQueries Queries => _queries ??= new FakeQueries(this);

    public Timestamp Now => Timestamp.From(time.GetUtcNow());

    public FakeNode Node => _node!;

    /// <summary>How long sessions last.</summary>
    public TimeSpan SessionLife { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What the node shows of the asker's budget log.</summary>
    public RowsResponse BudgetLog { get; set; } = new([], 0, "none");

    /// <summary>Whether statements are acknowledged and not appended.</summary>
    public bool Swallows { get; set; }

    /// <summary>Gets the keys of the collaboration, which a node that has lost them has not.</summary>
    public CollaborationKeys Keys => _keys!.Keys;

    /// <summary>What the node answers to one who looks at it for a recovery.</summary>
    public Func<RecoveryOfferRequest, Task<FakeReply>> Offer { get; set; } = _ => throw new InvalidOperationException("nobody asked for a recovery");

    /// <summary>What the node answers to one who releases a share.</summary>
    public Func<RecoveryReleaseRequest, Task<FakeReply>> Release { get; set; } = _ => throw new InvalidOperationException("nobody releases");

    /// <summary>Whether this start has been shown to have the newest log.</summary>
    public bool IsFresh => _isFresh;

    public void Start(FakeNode node)
    {
        _node = node;
        _sessions.Clear();
        _keys = _keys is null ? null : new RoomKeys(_keys.Keys, isFresh: false);
        _isFresh = Log is null;
        Halted = null;
        _uploadToken = Convert.ToHexStringLower(BootNonce.Span);
    }

    /// <summary>Takes over the log and keys of another room, as of a start that was shown to have the newest log.</summary>
    public void GoOnFrom(FakeRoom other)
    {
        (Log, ProposedContract) = (other.Log?.Copy(), other.ProposedContract);
        _keys = other._keys is null ? null : new RoomKeys(other._keys.Keys, isFresh: true);
    }

    public async Task<FakeReply> AnswerAsync(ChannelExchange exchange, string pathAndQuery)
    {
        var request = exchange.Request;
        var parts = pathAndQuery.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        T Read<T>() => (T)JsonSerializer.Deserialize(request.Body.Span, typeof(T), ApiJsonContext.Default)!;
        return (parts[2..] is [_, .. var rest] ? rest : []) switch
        {
            [] => await ProposeAsync(Read<ProposeRequest>()),
            ["challenge"] => FakeReply.Json(new ChallengeResponse(BootNonce)),
            ["sign-in"] => SignIn(exchange.BindingDigest, Read<SignInRequest>()),
            ["status"] => FakeReply.Json(Status()),
            ["witness"] => Witness(Read<WitnessRequest>()),
            ["statements"] => await StatementAsync(Read<StatementRequest>()),
            ["recovery"] => await Offer(Read<RecoveryOfferRequest>()),
            ["recovery", "shares"] => await Release(Read<RecoveryReleaseRequest>()),
            var inner => NoSession(exchange) is { } refusal ? FakeReply.Problem(refusal) : await InnerAsync(inner, pathAndQuery, request.Body),
        };
    }

    public Refusal? PutPart(string path, string? token, byte[] body)
    {
        if (token != _uploadToken)
        {
            return new(RefusalCode.NotPermitted, "a token of this start", "another");
        }

        _parts[Digest.Of(body).ToString()] = body;
        return path.EndsWith(Digest.Of(body).ToString(), StringComparison.Ordinal) ? null : new(RefusalCode.PartInvalid, "its digest", "another");
    }

    /// <summary>Appends a statement of the node.</summary>
    public async Task<long> AppendAsNodeAsync(Document document)
    {
        var envelope = await EnvelopeSigner.SignAsync(Node.Keys.Sign, document, CancellationToken.None);
        return Log!.Append(envelope, Now).Value;
    }

    private async Task<FakeReply> InnerAsync(string[] inner, string pathAndQuery, ReadOnlyMemory<byte> body) => inner switch
    {
        ["rows"] => Rows(pathAndQuery),
        ["budget-log"] => FakeReply.Json(BudgetLog),
        ["uploads"] => FakeReply.Json(new UploadResponse(_uploadToken, Now.Plus(TimeSpan.FromHours(12)), (8 << 20) + (16 << 10))),
        ["datasets", var manifest, "ingest"] => FakeReply.Json(Queries.Ingest(Digest.Parse(manifest))),
        _ => await Queries.AnswerAsync(inner, body),
    };

    private async Task<FakeReply> ProposeAsync(ProposeRequest proposal)
    {
        var contract = EnvelopeCodec.Parse(proposal.Contract.Span).Value;
        var keys = await CollaborationKeys.DeriveAsync(_backend, CollaborationSecret.Generate(), CancellationToken.None);
        _keys = new RoomKeys(keys, isFresh: true);
        ProposedContract = contract.PayloadDigest;
        var nonce = new Bytes(RandomNumberGenerator.GetBytes(32));
        var id = CollaborationId.Of(ProposedContract, keys.Sealing.PublicKey, keys.Checkpoint.PublicKey, nonce);
        Log = new FakeLog(id, keys.Checkpoint, keys.Sealing, services);
        await AppendAsNodeAsync(new Genesis
        {
            Collaboration = id,
            ContractDigest = ProposedContract,
            SealingKey = keys.Sealing.PublicKey,
            CheckpointKey = keys.Checkpoint.PublicKey,
            Nonce = nonce,
            Attestation = await Node.AttestAsync(nonce, BindingPurpose.Genesis),
        });
        foreach (var envelope in proposal.Delegations.Select(d => EnvelopeCodec.Parse(d.Span).Value).Append(contract))
        {
            if (!Log.Append(envelope, Now).TryGet(out _, out var refusals))
            {
                return FakeReply.Problem([.. refusals]);
            }
        }

        return FakeReply.Json(new ProposeResponse(id, Log.Note));
    }

    private FakeReply SignIn(Digest binding, SignInRequest request)
    {
        var envelope = EnvelopeCodec.Parse(request.Envelope.Span).Value;
        var signIn = DocumentCodec.Parse<SignIn>(envelope.Payload.Span).Value;
        var member = Log!.State.Members[envelope.Signatures[0].KeyId];
        if (member.WhyNotValid(Now) is { } invalid)
        {
            return FakeReply.Problem(invalid);
        }

        var isSound = signIn.BindingDigest == binding && signIn.Challenge == BootNonce && signIn.Collaboration == Log.Collaboration
            && EnvelopeVerifier.Verify(envelope, envelope.Signatures[0], member.Delegation.Sign, services.Signatures).IsAccepted;
        if (!isSound)
        {
            return FakeReply.Problem(new Refusal(RefusalCode.SignatureInvalid, "a sign-in to this channel", "another"));
        }

        var token = new Bytes(RandomNumberGenerator.GetBytes(32));
        _sessions[token.ToString()] = (binding, time.GetUtcNow() + SessionLife);
        return FakeReply.Json(new SignInResponse(token, Timestamp.From(time.GetUtcNow() + TimeSpan.FromMinutes(15))));
    }

    private Refusal? NoSession(ChannelExchange exchange)
    {
        if (!_sessions.TryGetValue(exchange.Request.Authorization, out var session) || session.Binding != exchange.BindingDigest)
        {
            return new(RefusalCode.NotPermitted, "a session token", "none that is known here");
        }

        return session.Expires > time.GetUtcNow() ? null : new(RefusalCode.Stale, "a session that has not expired", "an expired one");
    }

    private StatusResponse Status() => new()
    {
        Mode = Halted is not null ? RoomMode.Halted : IsFresh ? RoomMode.Active : RoomMode.AwaitingWitnesses,
        Reason = Halted?.ToString() ?? string.Empty,
        BootNonce = BootNonce,
        MissingWitnesses = IsFresh ? [] : [.. FreshnessGate.Needed(Log!.State).Where(owner => !_keys!.Witnessed.ContainsKey(owner))],
        Checkpoint = Log!.Note,
    };

    private FakeReply Witness(WitnessRequest request)
    {
        var witness = DocumentCodec.Parse<FreshnessWitness>(request.Witness.Span).Value;
        if (FreshnessGate.Take(Log!.State, _keys!, witness, request.Signature.Span, services.Signatures, Now) is { } refusal)
        {
            Halted = refusal.Code == RefusalCode.CheckpointInconsistent ? refusal : Halted;
            return FakeReply.Problem(refusal);
        }

        _keys!.Witnessed[witness.Collaborator] = Now;
        _isFresh = Status().MissingWitnesses.IsEmpty;
        return FakeReply.Json(Status());
    }

    private async Task<FakeReply> StatementAsync(StatementRequest request)
    {
        if (!IsFresh || Halted is not null)
        {
            return FakeReply.Problem(new Refusal(RefusalCode.ReadOnly, "witnesses", "none yet"));
        }

        var envelope = EnvelopeCodec.Parse(request.Envelope.Span).Value;
        await Queries.AdmitNodeAsync();
        var appended = Swallows || Log!.State.Seen.Contains(LedgerFold.StatementIdentity(envelope)) ? Result.Accept(0L) : Log!.Append(envelope, Now);
        if (appended.IsAccepted && !Swallows)
        {
            await Queries.ActAsync(envelope);
            if (DocumentCodec.Parse(envelope.Payload.Span).Value is MemberRevocation)
            {
                _sessions.Clear();
            }
        }

        return FakeReply.Of(appended.Then(sequence => Result.Accept(new StatementResponse(sequence, Log!.Note))));
    }

    private FakeReply Rows(string pathAndQuery)
    {
        var query = pathAndQuery.Split('?')[1].Split('&').ToDictionary(pair => pair.Split('=')[0], pair => int.Parse(pair.Split('=')[1]));
        var rows = Log!.Rows.Skip(query["from"]).Take(query["count"]).Select(row => new Bytes(row));
        return FakeReply.Json(new RowsResponse([.. rows], Log.Rows.Count, Log.Note));
    }
}
