using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Node.Tests.Client.Support;

/// <summary>The node's work on datasets and queries, as short as the fold allows: real seals, a fixed verdict, a fixed answer.</summary>
internal sealed class FakeQueries(FakeRoom room)
{
    private readonly BclCryptoBackend _backend = new();
    private readonly Dictionary<Digest, SealedReport> _reports = [];
    private readonly Dictionary<Digest, byte[]> _blobs = [];

    public byte[] Answer { get; set; } = [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];

    /// <summary>What the guest found in the parts that it opened.</summary>
    public byte[] TakenIn { get; private set; } = [];

    /// <summary>Changes a blob before it is served.</summary>
    public Func<byte[], byte[]> Served { get; set; } = blob => blob;

    /// <summary>Changes a verdict before it is signed or shown.</summary>
    public Func<Verdict, Verdict> Says { get; set; } = verdict => verdict;

    /// <summary>Whether event streams break off before their last frame.</summary>
    public bool CutsEvents { get; set; }

    private CollaborationState State => room.Log!.State;

    public IngestResponse Ingest(Digest manifest) => new()
    {
        State = State.Datasets[manifest].Ingest is null ? "waiting" : "accepted",
        Percent = 100,
        Report = _reports.GetValueOrDefault(manifest),
        Obstacle = null,
    };

    public async Task<FakeReply> AnswerAsync(string[] inner, ReadOnlyMemory<byte> body)
    {
        switch (inner)
        {
            case ["explain"]:
                var asked = JsonSerializer.Deserialize(body.Span, ApiJsonContext.Default.ExplainQueryRequest)!;
                var verdict = Judge(asked.Analyst, asked.Sql, asked.TemplateDigest, asked.Parameters, [.. asked.Receivers]);
                return FakeReply.Json(new ExplainQueryResponse(new Bytes(DocumentCodec.Encode(verdict)), []));
            case ["queries"]:
                return await SubmitAsync(EnvelopeCodec.Parse(JsonSerializer.Deserialize(body.Span, ApiJsonContext.Default.StatementRequest)!.Envelope.Span).Value);
            case ["queries", var id]:
                return FakeReply.Json(View(Digest.Parse(id)));
            case ["queries", var id, "runs"]:
                await RunAsync(Digest.Parse(id));
                return new FakeReply(202, string.Empty, []);
            case ["queries", var id, "result"]:
                return new FakeReply(200, "application/octet-stream", [.. Served(_blobs[Digest.Parse(id)]).Chunk(70_000)]);
            case ["queries", var id, "events"]:
                var data = JsonSerializer.Serialize(View(Digest.Parse(id)), ApiJsonContext.Default.QueryStatusResponse);
                var text = System.Text.Encoding.UTF8.GetBytes($"event: status\ndata: {data}\n\n");
                return new FakeReply(200, "text/event-stream", [text[..7], text[7..], text]) { IsCut = CutsEvents };
            default:
                return FakeReply.Problem(new Refusal(RefusalCode.DocumentInvalid, "a path of the api", string.Join('/', inner)));
        }
    }

    /// <summary>A node that started anew shows itself in the log before anything else is written.</summary>
    public async Task AdmitNodeAsync()
    {
        if (State.Active is not null && !State.Nodes.ContainsKey(KeyId.Of(room.Node.Keys.Sign.PublicKey.Span)))
        {
            var attestation = await room.Node.AttestAsync(room.BootNonce, BindingPurpose.Room);
            await room.AppendAsNodeAsync(new NodeAdmission { Collaboration = State.Collaboration, Attestation = attestation });
        }
    }

    /// <summary>Does what a statement makes possible: takes a granted dataset in, runs an approved query.</summary>
    public async Task ActAsync(Envelope envelope)
    {
        switch (DocumentCodec.Parse(envelope.Payload.Span).Value)
        {
            case KeyGrant grant when State.Datasets[grant.ManifestDigest].Ingest is null:
                await TakeInAsync(grant);
                break;
            case Approval { Decision: ApprovalDecision.Approve } approval
                when QueryStatuses.StatusOf(State, State.Queries[approval.Subject], room.Now) == QueryStatus.Approved:
                await RunAsync(approval.Subject);
                break;
        }
    }

    private async Task TakeInAsync(KeyGrant grant)
    {
        var manifest = State.Datasets[grant.ManifestDigest].Manifest;
        using var key = (await KeyGrants.OpenAsync(_backend, room.Log!.SealingKey, grant, CancellationToken.None)).Value;
        var plaintext = new List<byte>();
        foreach (var part in manifest.Parts)
        {
            var position = new PartPosition
            {
                Collaboration = manifest.Collaboration, Dataset = manifest.Dataset, Index = part.Index, Offset = part.Offset, Upload = manifest.Upload,
            };
            var bytes = room.Parts[part.Digest.ToString()];
            plaintext.AddRange((await SealedStream.OpenAsync(_backend, key.Secret, position.AssociatedData(), bytes, CancellationToken.None)).Value);
        }

        TakenIn = [.. plaintext];
        var found = new IngestReport
        {
            Accepted = true,
            Format = manifest.Format,
            Rows = TakenIn.Count(b => b == '\n') - 1,
            Bytes = TakenIn.Length,
            RoundedCells = 0,
            NormalisedCells = 0,
            DuplicateRows = 0,
            DuplicateRowsExact = true,
            MaxRowsPerUnit = 1,
            DistinctUnits = 1,
            NullUnitRows = 0,
            SentinelUnitRows = 0,
            ProblemCounts = ImmutableSortedDictionary<ProblemKind, long>.Empty,
            Problems = [],
        };
        await ReportAsync(grant, IngestReportCodec.Encode(found));
    }

    private async Task ReportAsync(KeyGrant grant, byte[] report)
    {
        var context = new ReportContext(grant.Collaboration, grant.Dataset, grant.ManifestDigest);
        using var sealedReport = await ReportSealing.SealAsync(_backend, context, report, CancellationToken.None);
        var owner = State.MembersOf(grant.Owner, room.Now).Single();
        var wrap = await ReportSealing.WrapAsync(
            _backend, context, grant.Owner, owner.Delegation.Member, owner.Delegation.ReceiveKey!.Value, sealedReport, CancellationToken.None);
        _reports[grant.ManifestDigest] = new SealedReport(new Bytes(sealedReport.Blob.Span), [wrap.Value]);
        await room.AppendAsNodeAsync(new IngestStatement
        {
            Collaboration = grant.Collaboration,
            Dataset = grant.Dataset,
            ManifestDigest = grant.ManifestDigest,
            Derived = [new DerivedObject { Partition = 0, Name = new string('0', 32), PlaintextBytes = 1, Digest = default }],
            Accepted = true,
            Rows = 2,
            MaxRowsPerUnit = 1,
            ReportCommitment = sealedReport.Commitment,
        });
    }

    private async Task<FakeReply> SubmitAsync(Envelope envelope)
    {
        var query = DocumentCodec.Parse<Query>(envelope.Payload.Span).Value;
        var verdict = Judge(query.Analyst, query.Sql, query.TemplateDigest, query.Parameters, [.. query.Receivers]);
        if (!room.Log!.Append(envelope, room.Now).TryGet(out var sequence, out var refusals))
        {
            return FakeReply.Problem([.. refusals]);
        }

        if (!State.Verdicts.ContainsKey(DocumentCodec.DigestOf(verdict)))
        {
            await room.AppendAsNodeAsync(verdict);
        }

        return FakeReply.Json(new SubmitResponse(envelope.PayloadDigest, new Bytes(DocumentCodec.Encode(verdict)), sequence, room.Log.Note));
    }

    private Verdict Judge(string analyst, string? sql, Digest? template, IEnumerable<KeyValuePair<string, string>> parameters, List<string> receivers)
    {
        var contract = State.Active!.Contract;
        var text = sql ?? contract.Templates.Single(t => DocumentCodec.DigestOf(t) == template).Sql;
        return Says(new Verdict
        {
            ContractDigest = State.Active.Digest,
            Analyst = analyst,
            Receivers = [.. receivers],
            TextDigest = QueryText.DigestOf(text, parameters),
            Decision = VerdictDecision.NeedsApproval,
            Codes = [],
            Owners = [],
            Lineage = [],
            Budget = [new BudgetCharge { Dataset = "registry.people", Owner = "registry", Domain = "person-v1", Queries = 1, NanoRho = 0, AttoDelta = 0 }],
            Noise = [],
            Inputs = [new VerdictInput { Dataset = "registry.people", Tier = PolicyTier.Threshold, MinUnits = 50, Cells = 0 }],
            Approvers = ["registry"],
            PlanDigest = Digest.Of("plan"u8),
        });
    }

    private async Task RunAsync(Digest digest)
    {
        var query = State.Queries[digest];
        var verdict = State.Verdicts.First(v => QueryRules.WrongVerdict(State, query, v.Key) is null);
        var charge = await room.AppendAsNodeAsync(new Charge
        {
            Collaboration = State.Collaboration,
            QueryDigest = digest,
            VerdictDigest = verdict.Key,
            Run = query.Runs.Length + 1,
            Costs = verdict.Value.Budget,
            BudgetLogs = [],
        });
        var context = new ResultContext(State.Collaboration, digest, charge);
        using var answer = await ResultSealing.SealAsync(_backend, context, Answer, CancellationToken.None);
        var wraps = new List<ResultWrap>();
        foreach (var receiver in query.Query.Receivers.SelectMany(r => State.MembersOf(r, room.Now)))
        {
            wraps.Add((await ResultSealing.WrapAsync(
                _backend, context, receiver.Delegation.Collaborator, receiver.Delegation.Member, receiver.Delegation.ReceiveKey!.Value, answer, CancellationToken.None)).Value);
        }

        _blobs[digest] = answer.Blob.ToArray();
        await room.AppendAsNodeAsync(new RunResult
        {
            Collaboration = State.Collaboration,
            QueryDigest = digest,
            ChargeSequence = charge,
            Commitment = answer.Commitment,
            Blob = new ResultBlob { Name = new string('1', 32), Bytes = answer.Blob.Length, Digest = Digest.Of(answer.Blob.Span) },
            Wraps = [.. wraps],
            History = [],
        });
        var run = State.Queries[digest].Runs[^1];
        var receipt = ReceiptContent.For(State.Queries[digest], run, State.Nodes[KeyId.Of(room.Node.Keys.Sign.PublicKey.Span)].Attestation);
        room.Log!.Append(await EnvelopeSigner.SignAsync(room.Node.Keys.Sign, receipt, CancellationToken.None), room.Now).IsAccepted.Should().BeTrue();
    }

    private QueryStatusResponse View(Digest digest) => new()
    {
        QueryDigest = digest, Status = QueryStatuses.StatusOf(State, State.Queries[digest], room.Now), Phase = string.Empty, Percent = 100, Reason = string.Empty,
    };
}
