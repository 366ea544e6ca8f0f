using System.Text.Json.Nodes;

namespace CleanRoom.Architecture.Tests.Infrastructure;

/// <summary>The Terraform files of one folder, taken together as Terraform takes them.</summary>
internal sealed class TerraformFolder
{
    private readonly List<JsonObject> _files;

    private TerraformFolder(string path, IEnumerable<JsonObject> files)
    {
        (Path, _files) = (path, [.. files]);
        Locals = new JsonObject(_files.SelectMany(file => Blocks(file, "locals")).SelectMany(block => block).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
    }

    /// <summary>Gets the folder, relative to the root.</summary>
    public string Path { get; }

    /// <summary>Gets the folder's name, from infra/confidential-vm.</summary>
    public string Name => System.IO.Path.GetRelativePath(ConfidentialVm.Folder, Path).Replace('\\', '/');

    public JsonObject Locals { get; }

    public IReadOnlyDictionary<string, JsonObject> Variables => Named("variable");

    public IReadOnlyDictionary<string, JsonObject> Outputs => Named("output");

    public IReadOnlyDictionary<string, JsonObject> Modules => Named("module");

    /// <summary>Gets the settings blocks.</summary>
    public IReadOnlyList<JsonObject> Terraform => [.. _files.SelectMany(file => Blocks(file, "terraform"))];

    /// <summary>Gets resources and data, as (type, name, block); a data's type begins with <c>data.</c>.</summary>
    public IReadOnlyList<(string Type, string Name, JsonObject Block)> Resources => [.. Typed("resource", ""), .. Typed("data", "data.")];

    /// <summary>Gets every traversal: where it stands, and its parts.</summary>
    public IReadOnlyList<(string Place, string[] Parts)> References =>
        [.. _files.SelectMany(file => file["references"]!.AsArray()).Select(one => ((string)one!["place"]!, one["path"]!.AsArray().Select(part => (string)part!).ToArray()))];

    /// <summary>Gets every call of templatefile, by its text.</summary>
    public IReadOnlyDictionary<string, JsonObject> Templates =>
        _files.SelectMany(file => file["templates"]!.AsArray()).Cast<JsonObject>().DistinctBy(one => (string)one["text"]!).ToDictionary(one => (string)one["text"]!);

    /// <summary>Reads folders, all at once; a file that does not parse fails the test that asks.</summary>
    public static IReadOnlyList<TerraformFolder> Load(IEnumerable<string> paths)
    {
        var read = InfrastructureFiles.Read(paths);
        read.Where(file => file.Value["error"] is not null).Select(file => $"{file.Key}: {file.Value["error"]}").Should().BeEmpty();
        return [.. read.GroupBy(file => System.IO.Path.GetDirectoryName(file.Key)!).Select(folder => new TerraformFolder(folder.Key, folder.Select(file => file.Value)))];
    }

    private static IEnumerable<JsonObject> Blocks(JsonObject file, string kind) => file["hcl"]![kind] is JsonArray blocks ? blocks.OfType<JsonObject>() : [];

    private Dictionary<string, JsonObject> Named(string kind) => _files
        .SelectMany(file => file["hcl"]![kind] as JsonObject ?? [])
        .ToDictionary(block => block.Key, block => block.Value!.AsArray().Should().ContainSingle(block.Key).Which!.AsObject());

    private IEnumerable<(string, string, JsonObject)> Typed(string kind, string prefix) =>
        from file in _files
        from type in file["hcl"]![kind] as JsonObject ?? []
        from block in type.Value!.AsObject()
        select (prefix + type.Key, block.Key, block.Value!.AsArray().Single()!.AsObject());
}
