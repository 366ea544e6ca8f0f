using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>A document of the protocol. Its member <c>type</c> names the kind and the format version.</summary>
/// <remarks>
/// The stored bytes are the JCS bytes (RFC 8785); the id is their SHA-256. Every member is required; one that may say
/// "none" says so with null. Spec: contracts/spec/0001.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Contract), "cleanroom/v1/contract")]
[JsonDerivedType(typeof(Delegation), "cleanroom/v1/delegation")]
[JsonDerivedType(typeof(MemberRevocation), "cleanroom/v1/member-revocation")]
[JsonDerivedType(typeof(Genesis), "cleanroom/v1/genesis")]
[JsonDerivedType(typeof(NodeAdmission), "cleanroom/v1/node-admission")]
[JsonDerivedType(typeof(Binding), "cleanroom/v1/binding")]
[JsonDerivedType(typeof(DatasetManifest), "cleanroom/v1/dataset-manifest")]
[JsonDerivedType(typeof(KeyGrant), "cleanroom/v1/key-grant")]
[JsonDerivedType(typeof(IngestStatement), "cleanroom/v1/ingest-statement")]
[JsonDerivedType(typeof(Query), "cleanroom/v1/query")]
[JsonDerivedType(typeof(Verdict), "cleanroom/v1/verdict")]
[JsonDerivedType(typeof(Approval), "cleanroom/v1/approval")]
[JsonDerivedType(typeof(ApprovalRule), "cleanroom/v1/approval-rule")]
[JsonDerivedType(typeof(Charge), "cleanroom/v1/charge")]
[JsonDerivedType(typeof(BudgetGenesis), "cleanroom/v1/budget-genesis")]
[JsonDerivedType(typeof(OwnerCharge), "cleanroom/v1/owner-charge")]
[JsonDerivedType(typeof(RunResult), "cleanroom/v1/result")]
[JsonDerivedType(typeof(RunFailure), "cleanroom/v1/run-failure")]
[JsonDerivedType(typeof(Suspend), "cleanroom/v1/suspend")]
[JsonDerivedType(typeof(Resume), "cleanroom/v1/resume")]
[JsonDerivedType(typeof(Terminate), "cleanroom/v1/terminate")]
[JsonDerivedType(typeof(Revocation), "cleanroom/v1/revocation")]
[JsonDerivedType(typeof(Cancellation), "cleanroom/v1/cancellation")]
[JsonDerivedType(typeof(FreshnessWitness), "cleanroom/v1/freshness-witness")]
[JsonDerivedType(typeof(SignIn), "cleanroom/v1/sign-in")]
[JsonDerivedType(typeof(ReceiptBundle), "cleanroom/v1/receipt-bundle")]
[JsonDerivedType(typeof(Destruction), "cleanroom/v1/destruction")]
[JsonDerivedType(typeof(DestructionCertificate), "cleanroom/v1/destruction-certificate")]
[JsonDerivedType(typeof(CodeEndorsement), "cleanroom/v1/code-endorsement")]
[JsonDerivedType(typeof(CodeAdmission), "cleanroom/v1/code-admission")]
[JsonDerivedType(typeof(RecoveryShareSet), "cleanroom/v1/recovery-shares")]
[JsonDerivedType(typeof(RecoveryStatement), "cleanroom/v1/recovery-statement")]
[JsonDerivedType(typeof(Recovery), "cleanroom/v1/recovery")]
public abstract record Document;
