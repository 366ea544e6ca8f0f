namespace CleanRoom.Protocol.Api;

/// <summary>Paths of the HTTP API, version 1. Those marked inner exist only inside the confidential channel. Spec: contracts/openapi.</summary>
public static class ApiRoutes
{
    /// <summary>Outer, GET: evidence over a nonce given as <c>?nonce=</c> 64 hex digits and optionally <c>&amp;collaboration=</c>.</summary>
    public const string Attestation = "/v1/attestation";

    /// <summary>Outer, GET: the certificates of nodes that have erased the keys of a collaboration that ended, <c>?collaboration=</c>.</summary>
    public const string Destruction = "/v1/destruction";

    /// <summary>Outer, GET: the code endorsements that a room has, <c>?collaboration=</c>. A client needs them before there is a channel.</summary>
    public const string CodeEndorsements = "/v1/code-endorsements";

    /// <summary>
    /// Header of a sealed request: the inner method. The outer method is always POST, the outer path is the inner path, and the body is of
    /// type <c>application/vnd.cleanroom.channel.v1</c>; the channel binds method and path.
    /// </summary>
    public const string MethodHeader = "CleanRoom-Method";

    /// <summary>Outer, PUT one sealed part, with an upload token in <c>Authorization: Bearer</c>.</summary>
    public const string Part = "/v1/uploads/{upload}/parts/{digest}";

    /// <summary>Inner, POST: the first proposal of a new collaboration.</summary>
    public const string Collaborations = "/v1/collaborations";

    /// <summary>Inner, POST: a challenge to sign in with.</summary>
    public const string Challenge = "/v1/collaborations/{collaboration}/challenge";

    /// <summary>Inner, POST: a signed challenge, answered by a session.</summary>
    public const string SignIn = "/v1/collaborations/{collaboration}/sign-in";

    /// <summary>Inner, GET: what the room may do at present. Needs no session: a witness may not be able to get one yet.</summary>
    public const string Status = "/v1/collaborations/{collaboration}/status";

    /// <summary>Inner, POST: a witness's answer to a start. Needs no session: it is signed by the witness key.</summary>
    public const string Witness = "/v1/collaborations/{collaboration}/witness";

    /// <summary>Inner, POST: a signed statement. Delegations and member revocations need no session.</summary>
    public const string Statements = "/v1/collaborations/{collaboration}/statements";

    /// <summary>Inner, GET: rows, <c>?from=0&amp;count=256</c>.</summary>
    public const string Rows = "/v1/collaborations/{collaboration}/rows";

    /// <summary>Inner, GET: rows of the asker's own budget log, <c>?domain=person-v1&amp;from=0&amp;count=256</c>.</summary>
    public const string BudgetLog = "/v1/collaborations/{collaboration}/budget-log";

    /// <summary>Inner, POST: evidence of a node that has lost the room's secret. Needs no session: nobody can sign in to a room without keys.</summary>
    public const string Recovery = "/v1/collaborations/{collaboration}/recovery";

    /// <summary>Inner, POST: a member's share of the secret, sealed to that node. Needs no session: the release is signed.</summary>
    public const string RecoveryShares = "/v1/collaborations/{collaboration}/recovery/shares";

    /// <summary>Inner, POST: an upload to fill.</summary>
    public const string Uploads = "/v1/collaborations/{collaboration}/uploads";

    /// <summary>Inner, GET: the sealed ingest report of a manifest, and progress until there is one.</summary>
    public const string Ingest = "/v1/collaborations/{collaboration}/datasets/{manifest}/ingest";

    /// <summary>Inner, POST: a verdict without a query.</summary>
    public const string Explain = "/v1/collaborations/{collaboration}/explain";

    /// <summary>Inner, POST: a signed query.</summary>
    public const string Queries = "/v1/collaborations/{collaboration}/queries";

    /// <summary>Inner, GET: where a query stands.</summary>
    public const string Query = "/v1/collaborations/{collaboration}/queries/{query}";

    /// <summary>Inner, GET: server-sent events until the query ends.</summary>
    public const string QueryEvents = "/v1/collaborations/{collaboration}/queries/{query}/events";

    /// <summary>Inner, GET: the answer on made-up data.</summary>
    public const string QueryTwin = "/v1/collaborations/{collaboration}/queries/{query}/twin";

    /// <summary>Inner, POST: one more run of a query that may run again.</summary>
    public const string QueryRuns = "/v1/collaborations/{collaboration}/queries/{query}/runs";

    /// <summary>Inner, GET: the sealed result blob of the newest run, as bytes.</summary>
    public const string Result = "/v1/collaborations/{collaboration}/queries/{query}/result";
}
