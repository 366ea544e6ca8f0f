using CleanRoom.Protocol;
using CleanRoom.Storage;

namespace CleanRoom.Node.Tests.Storage;

public sealed class FileFailuresTests
{
    [Theory]
    [InlineData(28, StorageFailure.Full)]
    [InlineData(27, StorageFailure.Full)]
    [InlineData(122, StorageFailure.Full)]
    [InlineData(unchecked((int)0x80070070), StorageFailure.Full)]
    [InlineData(30, StorageFailure.ReadOnly)]
    [InlineData(5, StorageFailure.Failed)]
    public void Translate_names_the_failure_by_its_number(int number, StorageFailure failure)
    {
        var exception = FileFailures.Translate(new IOException("inner text", number), "write a file");

        exception.Failure.Should().Be(failure);
        exception.Code.Should().Be(RefusalCode.StorageFailed);
        exception.Message.Should().StartWith("wanted to write a file; got ").And.NotContain("inner text");
    }
}
