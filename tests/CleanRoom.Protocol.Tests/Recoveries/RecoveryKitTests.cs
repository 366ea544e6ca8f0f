using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Recoveries;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Recoveries;

/// <summary>Kits that a stranger makes up: the id of a collaboration commits to whatever keys one likes.</summary>
public sealed class RecoveryKitTests
{
    [Theory]
    [InlineData(65, 0)]
    [InlineData(65, 31)]
    [InlineData(65, 33)]
    [InlineData(0, 32)]
    [InlineData(64, 32)]
    public void Verify_row_0_with_keys_of_another_length_is_refused(int sealingKey, int checkpointKey)
    {
        var made = TestDocuments.Genesis(TestContracts.First) with { SealingKey = new Bytes(new byte[sealingKey]), CheckpointKey = new Bytes(new byte[checkpointKey]) };
        var genesis = made with { Collaboration = CollaborationId.Of(made.ContractDigest, made.SealingKey, made.CheckpointKey, made.Nonce) };
        var room = TestStages.Active;
        var kit = new RecoveryKit
        {
            Genesis = new Bytes(RowCodec.Encode(TestRoom.Empty.Row(TestNode.First.Key.Sign(genesis)))),
            Contract = new Bytes(DocumentCodec.Encode(TestContracts.First)),
            Shares = new Bytes(RowCodec.Encode(room.Rows[^1])),
            Proof = [],
            Checkpoint = room.Checkpoint(),
        };

        RecoveryKits.Verify(genesis.Collaboration, kit, TestRoom.Services.Signatures).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.RowInvalid);
    }
}
