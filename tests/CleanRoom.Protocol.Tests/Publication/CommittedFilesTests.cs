namespace CleanRoom.Protocol.Tests.Publication;

/// <summary>The committed schemas and vectors are what the code makes; the explicit methods are not tests and rewrite them.</summary>
/// <remarks>To rewrite: see <see cref="CommittedFiles"/>.</remarks>
public sealed class CommittedFilesTests
{
    private static readonly string _schemas = CommittedFiles.Folder("schemas");
    private static readonly string _documents = CommittedFiles.Folder("vectors", "documents");
    private static readonly string _ledger = CommittedFiles.Folder("vectors", "ledger");

    [Fact]
    public void Committed_schemas_are_those_of_the_records() => CommittedFiles.ShouldBe(_schemas, DocumentSchemas.All());

    [Fact]
    public void Committed_document_vectors_are_those_of_the_samples() => CommittedFiles.ShouldBe(_documents, DocumentVectors.All());

    [Fact]
    public void Committed_ledger_vectors_are_those_of_the_samples() => CommittedFiles.ShouldBe(_ledger, LedgerVectors.All());

    [Fact(Explicit = true)]
    public void Rewrite_schemas() => CommittedFiles.Rewrite(_schemas, DocumentSchemas.All());

    [Fact(Explicit = true)]
    public void Rewrite_document_vectors() => CommittedFiles.Rewrite(_documents, DocumentVectors.All());

    [Fact(Explicit = true)]
    public void Rewrite_ledger_vectors() => CommittedFiles.Rewrite(_ledger, LedgerVectors.All());
}
