using System.CommandLine;
using CleanRoom.Cli.Commands.Contract;
using CleanRoom.Cli.Commands.Dataset;
using CleanRoom.Cli.Commands.Demo;
using CleanRoom.Cli.Commands.Serve;

var root = new RootCommand("CleanRoom: one answer from data that none of the parties may show the others.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    new Command("contract", "What the parties sign.") { ContractShowCommand.Create(), ContractValidateCommand.Create(), ContractDiffCommand.Create() },
    new Command("dataset", "What the parties bring.") { DatasetInspectCommand.Create() },
};
return await root.Parse(args).InvokeAsync();
