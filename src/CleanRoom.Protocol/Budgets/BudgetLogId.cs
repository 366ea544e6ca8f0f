using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Budgets;

/// <summary>Computes the names of budget logs. Spec: contracts/spec/0016 s.2.</summary>
public static class BudgetLogId
{
    /// <summary>Returns where the log of an owner and domain is kept: 64 lower-case hex digits.</summary>
    /// <param name="ownerKey">The owner's root key: 65 bytes.</param>
    /// <param name="domain">The unit domain.</param>
    public static string NameOf(Bytes ownerKey, string domain) => Digest.Labelled(
        "cleanroom/v1/budget-log-name",
        Jcs.Write(new JsonObject(new JsonMember("domain", domain), new JsonMember("ownerKey", ownerKey)))).ToString();

    /// <summary>Returns the log's id, which commits to its key: 64 lower-case hex digits.</summary>
    /// <param name="ownerKey">The owner's root key: 65 bytes.</param>
    /// <param name="domain">The unit domain.</param>
    /// <param name="checkpointKey">The log's Ed25519 key: 32 bytes.</param>
    public static string Of(Bytes ownerKey, string domain, Bytes checkpointKey) => Digest.Labelled(
        "cleanroom/v1/budget-log",
        Jcs.Write(new JsonObject(
            new JsonMember("checkpointKey", checkpointKey),
            new JsonMember("domain", domain),
            new JsonMember("ownerKey", ownerKey)))).ToString();
}
