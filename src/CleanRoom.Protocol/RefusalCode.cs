using System.Text;

namespace CleanRoom.Protocol;

/// <summary>The closed list of refusals of the protocol. Codes of query verdicts are in <see cref="Documents.VerdictCodes"/>.</summary>
public enum RefusalCode
{
    /// <summary>Never used.</summary>
    None = 0,

    // Documents (contracts/spec/0001): exit code 1 where a person wrote the text, 2 where it came signed.
    JsonInvalid = 100,
    JsonNotCanonical = 101,
    DocumentTooLarge = 102,
    DocumentUnknownType = 103,
    DocumentInvalid = 104,
    EnvelopeInvalid = 105,

    // Signatures and proofs: exit code 2.
    SignatureMissing = 200,
    SignatureInvalid = 201,
    SignatureUnknownKey = 202,
    ProofInvalid = 203,
    CheckpointInvalid = 204,
    CheckpointInconsistent = 205,
    RowInvalid = 206,
    PartInvalid = 207,
    SealInvalid = 208,
    ReceiptInvalid = 209,

    // Attestation: exit code 2, 3 or 5.
    EvidenceInvalid = 300,
    EvidenceNotAccepted = 301,
    BindingMismatch = 302,
    InsecureNotAllowed = 303,
    EndorsementMissing = 304,

    // Contract and ledger state: exit code 5.
    ContractInvalid = 400,
    ContractNotActive = 401,
    ContractConflict = 402,
    ContractExpired = 403,
    NotPermitted = 404,
    RoleMissing = 405,
    MemberRevoked = 406,
    MemberExpired = 407,
    Replayed = 408,
    Stale = 409,
    ClockWrong = 410,
    ReadOnly = 411,
    SequenceConflict = 412,
    Revoked = 413,
    Terminated = 414,
    CollaborationUnknown = 415,

    // Datasets: exit code 5.
    DatasetUnknown = 500,
    DatasetRejected = 501,
    UploadUnknown = 502,
    UploadIncomplete = 503,
    SourceChanged = 504,

    // Queries: exit code 5.
    QueryUnknown = 600,
    QueryRefused = 601,
    QueryNotApproved = 602,
    QueryCancelled = 603,
    QueryFailed = 604,
    BudgetExhausted = 605,
    ResultUnknown = 606,

    // Transport and store: exit code 6.
    ChannelInvalid = 700,
    Unavailable = 701,
    StorageFailed = 702,
    TooManyRequests = 703,
}

/// <summary>Text forms of <see cref="RefusalCode"/>.</summary>
public static class RefusalCodes
{
    /// <summary>Returns the kebab-case form: <c>ContractNotActive</c> is <c>contract-not-active</c>.</summary>
    public static string Slug(this RefusalCode code)
    {
        var text = new StringBuilder();
        foreach (var c in code.ToString())
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
